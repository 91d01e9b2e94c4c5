// An issuer whose keys change, that is down, or that never answers; and the handlers' processes
// that have to live with it.

#include <future>

#include <gtest/gtest.h>

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
        ASSERT_TRUE(eventually([] { return status_with(signed_by(issuer().ec())) == 200; }));
    }
};

TEST_F(Issuer, ANewKeyCountsAtOnce) {
    const auto next = SigningKey::ec("next");
    EXPECT_EQ(status_with(signed_by(next)), 401);
    server().publish(jwks({issuer().ec().jwk(), next.jwk()}));
    // At once is: when the pause after the last question is over, and not when the keys are old.
    EXPECT_TRUE(eventually([&] { return status_with(signed_by(next)) == 200; }));
    EXPECT_EQ(status_with(signed_by(issuer().ec())), 200);
    // What one process got all have.
    in_parallel(16, [&](std::size_t) { EXPECT_EQ(status_with(signed_by(next)), 200); });
}

TEST_F(Issuer, UnknownKeysDoNotMakeUsAskAllTheTime) {
    const auto before = server().asked(FakeIssuer::kDiscovery);
    const auto started = steady_clock::now();
    in_parallel(8, [](std::size_t thread) {
        for (int i = 0; i < 20; ++i) {
            const auto name = "unknown" + std::to_string(thread) + '-' + std::to_string(i);
            EXPECT_EQ(status_with(signed_by(SigningKey::ec(name))), 401);
        }
    });
    const auto pauses = (steady_clock::now() - started) / seconds(10);
    EXPECT_LE(server().asked(FakeIssuer::kDiscovery) - before, pauses + 1);
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
    EXPECT_EQ(status_with(signed_by(SigningKey::ec("unknown"))), 401);
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
    EXPECT_EQ(response.header("retry-after"), "10");
    EXPECT_EQ(client.get("/health").status, 200);
    server().come_back();
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
    // And one whose key nobody knows is refused when that has taken too long.
    EXPECT_EQ(status_with(signed_by(SigningKey::ec("unknown"))), 401);
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
        EXPECT_EQ(status_with(signed_by(mine)), 401);
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
