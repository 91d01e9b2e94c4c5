// An issuer whose keys change, that is down, or that never answers; and the handlers' processes
// that have to live with it.

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "support/metrics_page.hpp"
#include "support/parallel.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"

using namespace coredepot::test;

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

FakeIssuer& server() {
    return issuer().server();
}

const bool kStack = use_stack([] { return issuer().settings(); });

std::string admin_payload() {
    return issuer().payload({{"realm_access", R"({"roles": ["admin"]})"}});
}

std::string signed_by(const SigningKey& key) {
    return signed_token(key, "ES256", admin_payload());
}

/// `/api/devices` with this token.
int status_with(const std::string& token) {
    return HttpClient(stack().url(), {bearer(token)}).get("/api/devices").status;
}

/// As if the keys on disk had been fetched long ago, and the issuer not been asked since.
void make_keys_old() {
    const auto folder = stack().state() / "cache";
    for (const auto& name : names_in(folder)) {
        if (name.ends_with(".lock")) {
            std::filesystem::remove(folder / name);
            continue;
        }
        auto text = content_of(folder / name);
        const std::string member = "\"fetched_at_us\":";
        const auto begin = text.find(member) + member.size();
        text.replace(begin, text.find_first_of(",}", begin) - begin, "1700000000000000");
        write_file(folder / name, text);
    }
}

/// New processes, which know what is on the disk.
void restart_with_old_keys() {
    stack().stop();
    make_keys_old();
    restart_stack(issuer().settings());
}

class Issuer : public testing::Test {
  protected:
    void SetUp() override {
        server().speak_again();
        server().publish(jwks({issuer().rsa().jwk(), issuer().ec().jwk()}));
        // Every process has to know them: one may remember that there was no such key.
        int in_a_row = 0;
        ASSERT_TRUE(eventually([&] {
            in_a_row = status_with(signed_by(issuer().ec())) == 200 ? in_a_row + 1 : 0;
            return in_a_row == 20;
        }));
    }
};

/// Signed with a key that nobody has but us.
std::string forged(const std::string& key_id) {
    return signed_by(SigningKey::ec(key_id));
}

/// Refused, or told to come again because the key may be new.
void expect_not_let_in(const std::string& token) {
    const auto response = HttpClient(stack().url(), {bearer(token)}).get("/api/devices");
    if (response.status == 503) {
        EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE"));
        const auto wait = std::stoi(response.header("retry-after"));
        EXPECT_TRUE(wait >= 1 && wait <= 10) << wait;
    } else {
        EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED"));
    }
}

TEST_F(Issuer, ANewKeyCountsAtOnceWhateverElseWasAskedFor) {
    EXPECT_EQ(status_with(forged("other")), 401);
    const auto next = SigningKey::ec("next");
    server().publish(jwks({issuer().ec().jwk(), next.jwk()}));
    EXPECT_EQ(status_with(signed_by(next)), 200);
    EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
    // What one process got all have.
    in_parallel(16, [&](std::size_t) { EXPECT_EQ(status_with(signed_by(next)), 200); });
}

TEST_F(Issuer, AFloodOfUnknownKeysHidesNoNewOneAndFloodsNobody) {
    const auto before = server().asked(FakeIssuer::kDiscovery);
    const auto started = steady_clock::now();
    std::atomic<bool> is_over = false;
    std::thread flood([&] {
        in_parallel(8, [&](std::size_t thread) {
            for (int i = 0; !is_over; ++i) {
                expect_not_let_in(
                    forged("unknown" + std::to_string(thread) + '-' + std::to_string(i)));
            }
        });
    });
    // While nothing may be asked any more: this one is never refused, and known soon.
    EXPECT_TRUE(eventually([&] { return server().asked(FakeIssuer::kDiscovery) >= before + 8; }));
    const auto next = SigningKey::ec("in-the-flood");
    server().publish(jwks({issuer().ec().jwk(), next.jwk()}));
    EXPECT_TRUE(eventually([&] {
        const auto status = status_with(signed_by(next));
        EXPECT_TRUE(status == 200 || status == 503) << status;
        return status == 200;
    }));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
    is_over = true;
    flood.join();
    const auto pauses = (steady_clock::now() - started) / seconds(2);
    EXPECT_LE(server().asked(FakeIssuer::kDiscovery) - before, 8 + pauses + 1);
}

TEST_F(Issuer, TakesAllItsKeysBack) {
    server().publish(jwks({}));
    restart_with_old_keys();
    EXPECT_EQ(status_with(signed_by(issuer().ec())), 401);
    const auto health = HttpClient(stack().url()).get("/health");
    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(health.json().at("tokens").text(), "no keys") << health;
    EXPECT_EQ(health.json().at("status").text(), "degraded") << health;
    auto client = HttpClient(stack().url());
    EXPECT_EQ(MetricsPage::of(client).at("coredepot_issuer_keys"), 0);
}

TEST_F(Issuer, AKeyThatIsGoneCountsNoMore) {
    const auto next = SigningKey::ec("after");
    server().publish(jwks({next.jwk()}));
    EXPECT_TRUE(eventually([&] { return status_with(signed_by(next)) == 200; }));
    // Each process goes by its own memory until that is five minutes old.
    restart_stack(issuer().settings());
    EXPECT_EQ(status_with(signed_by(next)), 200);
    EXPECT_EQ(status_with(signed_by(issuer().ec())), 401);
}

TEST_F(Issuer, CachedKeysAreUsedWhileItIsDownAlsoByNewProcesses) {
    server().go_down();
    EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
    restart_with_old_keys();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
    EXPECT_EQ(status_with(forged("unknown")), 503);
    const auto health = HttpClient(stack().url()).get("/health");
    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(health.json().at("tokens").text(), "old keys") << health;
    EXPECT_EQ(health.json().at("status").text(), "degraded") << health;
    const auto said = stack().logs().at("registry.log");
    EXPECT_NE(said.find("cannot get the issuer's keys"), std::string::npos) << said;
    server().come_back();
}

TEST_F(Issuer, WithoutAnyKeysNobodyKnows) {
    stack().stop();
    for (const auto& name : names_in(stack().state() / "cache")) {
        std::filesystem::remove(stack().state() / "cache" / name);
    }
    server().go_down();
    restart_stack(issuer().settings());
    HttpClient client(stack().url(), {bearer(signed_by(issuer().ec()))});
    const auto response = client.get("/api/devices");
    EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE"));
    const auto wait = std::stoi(response.header("retry-after"));
    EXPECT_TRUE(wait >= 1 && wait <= 10) << "since /health asked, which was there first: " << wait;
    const auto health = client.get("/health");
    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(health.json().at("tokens").text(), "no keys") << health;
    EXPECT_EQ(health.json().at("status").text(), "degraded") << health;
    EXPECT_EQ(MetricsPage::of(client).at("coredepot_issuer_keys"), 0);
    EXPECT_FALSE(MetricsPage::of(client).has("coredepot_issuer_keys_age_seconds"));
    server().come_back();
    // Nobody has to send a token first.
    EXPECT_TRUE(
        eventually([&] { return client.get("/health").json().at("tokens").text() == "ok"; }));
    EXPECT_EQ(MetricsPage::of(client).at("coredepot_issuer_keys"), 2);
    EXPECT_TRUE(MetricsPage::of(client).has("coredepot_issuer_keys_age_seconds"));
    EXPECT_TRUE(eventually([&] { return client.get("/api/devices").status == 200; }));
}

TEST_F(Issuer, OneThatNeverAnswersHoldsUpOneProcessAtATime) {
    server().fall_silent();
    restart_with_old_keys();
    // The first finds its keys old and asks; the others go on with what they have meanwhile.
    auto first =
        std::async(std::launch::async, [] { return status_with(signed_by(issuer().ec())); });
    ASSERT_TRUE(eventually([] { return server().waiting() == 1; }));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
    EXPECT_EQ(first.get(), 200);
    // And one whose key nobody knows is told to come again.
    EXPECT_EQ(status_with(forged("unknown")), 503);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
}

TEST_F(Issuer, AnswersThatAreNoneAreLikeNone) {
    const auto url = server().url();
    const auto discovery = to_json({{"issuer", quote(url)}, {"jwks_uri", quote(url + "/jwks")}});
    const auto mine = SigningKey::ec("mine");
    server().answer("/elsewhere", 200, jwks({mine.jwk()}));
    server().answer("/moved", 200,
                    to_json({{"issuer", quote(url)}, {"jwks_uri", quote(url + "/elsewhere")}}));
    const auto no_key_of_mine = [&] {
        const auto before = server().asked(FakeIssuer::kDiscovery);
        restart_with_old_keys();
        EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
        EXPECT_EQ(status_with(signed_by(mine)), 503);
        EXPECT_GT(server().asked(FakeIssuer::kDiscovery), before);
        EXPECT_EQ(server().asked("/elsewhere"), 0);
    };
    server().answer(FakeIssuer::kDiscovery, 302, "", "Location: " + url + "/moved\r\n");
    no_key_of_mine();
    server().answer(
        FakeIssuer::kDiscovery, 200,
        to_json({{"issuer", quote(url + "/")}, {"jwks_uri", quote(url + "/elsewhere")}}));
    no_key_of_mine();
    server().answer(FakeIssuer::kDiscovery, 200, discovery);
    server().answer(FakeIssuer::kJwks, 302, "", "Location: " + url + "/elsewhere\r\n");
    no_key_of_mine();
    server().publish(jwks({mine.jwk({{"x", quote(std::string(8'000'000, 'x'))}})}));
    no_key_of_mine();
}

}  // namespace
