#include "auth/issuer_keys.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auth/identity.hpp"
#include "support/fake_issuer.hpp"
#include "support/temporary_folder.hpp"
#include "support/token_factory.hpp"

namespace coredepot::auth {
namespace {

using namespace std::chrono_literals;
using test::FakeIssuer;
using test::SigningKey;

const SigningKey& key_a() {
    static const auto key = SigningKey::ec("a");
    return key;
}
const SigningKey& key_b() {
    static const auto key = SigningKey::ec("b");
    return key;
}

/// An issuer with key a, processes (or as good as: objects that share nothing but the disk), and a
/// clock that stands still unless it is told.
class IssuerKeysTest : public testing::Test {
  protected:
    IssuerKeysTest() { issuer_.publish(test::jwks({key_a().jwk()})); }

    IssuerKeys process() const {
        return {issuer_.url(), folder_.path(), [this] { return now_; }};
    }
    static bool has(IssuerKeys& keys, const SigningKey& key) {
        return keys.find(key.id(), Algorithm::ES256) != nullptr;
    }
    /// What is known of a key: "good", "none", or after how many seconds one may ask again.
    static std::string verdict(IssuerKeys& keys, const std::string& key_id,
                               std::optional<double> issued_by = std::nullopt) {
        try {
            return keys.find(key_id, Algorithm::ES256, issued_by) != nullptr ? "good" : "none";
        } catch (const KeyInDoubt& doubt) {
            return std::to_string(doubt.retry_after().count());
        }
    }
    static std::string verdict(IssuerKeys& keys, const SigningKey& key) {
        return verdict(keys, key.id());
    }
    double seconds() const {
        return std::chrono::duration<double>(now_.time_since_epoch()).count();
    }
    int asked() const { return issuer_.asked(FakeIssuer::kDiscovery); }

    /// Exit code of a child process that runs `body`.
    static pid_t fork_child(const std::function<int()>& body) {
        const auto child = ::fork();
        if (child == 0) ::_exit(body());
        return child;
    }
    static int exit_code(pid_t child) {
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    FakeIssuer issuer_;
    test::TemporaryFolder folder_;
    Timestamp now_{std::chrono::seconds(1'700'000'000)};
};

TEST_F(IssuerKeysTest, TheIssuerIsAskedOnceInFiveMinutes) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 299s;
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 1);
    now_ += 1s;
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 2);
}

TEST_F(IssuerKeysTest, ProcessesShareWhatOneGot) {
    auto first = process();
    auto second = process();
    EXPECT_TRUE(has(first, key_a()));
    EXPECT_TRUE(has(second, key_a()));
    EXPECT_EQ(asked(), 1);
    now_ += 300s;
    EXPECT_TRUE(has(second, key_a()));
    EXPECT_TRUE(has(first, key_a()));
    EXPECT_EQ(asked(), 2);
}

TEST_F(IssuerKeysTest, AnUnknownKeyIsAskedForAtOnce) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(verdict(keys, "x"), "none");
    EXPECT_EQ(asked(), 2);
    // One that was looked for in vain stands in nobody else's way.
    issuer_.publish(test::jwks({key_a().jwk(), key_b().jwk()}));
    EXPECT_EQ(verdict(keys, key_b()), "good");
    EXPECT_EQ(asked(), 3);
}

TEST_F(IssuerKeysTest, TheSameUnknownKeyIsNotAskedForAllTheTime) {
    auto keys = process();
    EXPECT_EQ(verdict(keys, "x"), "none");
    for (int i = 0; i < 50; ++i) EXPECT_EQ(verdict(keys, "x"), "5");
    now_ += 4s;
    EXPECT_EQ(verdict(keys, "x"), "1");
    EXPECT_EQ(asked(), 1);  // when there were none at all
    now_ += 1s;
    EXPECT_EQ(verdict(keys, "x"), "none");
    EXPECT_EQ(asked(), 2);
}

TEST_F(IssuerKeysTest, AFloodOfUnknownKeysNeitherFloodsTheIssuerNorHidesANewKey) {
    auto keys = process();
    auto other = process();
    EXPECT_TRUE(has(keys, key_a()));
    int flood = 0;
    const auto flood_for_a_second = [&] {
        for (int i = 0; i < 100; ++i) {
            auto& process = i % 2 == 0 ? keys : other;
            EXPECT_NE(verdict(process, "forged" + std::to_string(++flood)), "good");
            EXPECT_TRUE(has(process, key_a()));
        }
        now_ += 1s;
    };
    for (int second = 0; second < 60; ++second) flood_for_a_second();
    // Eight at once, and one more every two seconds.
    EXPECT_LE(asked(), 8 + 30);
    EXPECT_GE(asked(), 8 + 29);
    issuer_.publish(test::jwks({key_a().jwk(), key_b().jwk()}));
    // Never refused, and known two seconds later: the flood itself asks for it.
    for (int second = 0; second < 2; ++second) {
        const auto now = verdict(other, key_b());
        EXPECT_TRUE(now == "good" || now == "1" || now == "2") << now;
        flood_for_a_second();
    }
    EXPECT_EQ(verdict(keys, key_b()), "good");
    EXPECT_EQ(verdict(other, key_b()), "good");
}

TEST_F(IssuerKeysTest, AKeyOfATokenThatIsOlderThanTheKeysIsNone) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    issuer_.go_down();
    EXPECT_EQ(verdict(keys, "retired", seconds() - 1), "none");
    EXPECT_EQ(verdict(keys, "retired", -1e300), "none");
    EXPECT_EQ(verdict(keys, "retired", seconds()), "10");
    EXPECT_EQ(verdict(keys, "retired", 1e300), "10");
    EXPECT_EQ(verdict(keys, "retired"), "10");
}

TEST_F(IssuerKeysTest, AnIssuerThatDoesNotAnswerHasTenSecondsOfPeace) {
    auto keys = process();
    auto other = process();
    EXPECT_TRUE(has(keys, key_a()));
    issuer_.answer(FakeIssuer::kJwks, 500, "{}");
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(verdict(keys, "x" + std::to_string(i)), "10");
        EXPECT_EQ(verdict(other, "y" + std::to_string(i)), "10");
    }
    now_ += 9s;
    EXPECT_EQ(verdict(other, "z"), "1");
    EXPECT_EQ(asked(), 2);
    issuer_.publish(test::jwks({key_a().jwk(), key_b().jwk()}));
    now_ += 1s;
    EXPECT_EQ(verdict(other, key_b()), "good");
    EXPECT_EQ(verdict(keys, key_b()), "good");
    EXPECT_EQ(asked(), 3);
}

TEST_F(IssuerKeysTest, KeysRotate) {
    auto keys = process();
    auto other = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_TRUE(has(other, key_a()));
    issuer_.publish(test::jwks({key_a().jwk(), key_b().jwk()}));
    EXPECT_TRUE(has(keys, key_b()));
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_TRUE(has(other, key_b()));  // from the disk
    EXPECT_EQ(asked(), 2);
    issuer_.publish(test::jwks({key_b().jwk()}));
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 300s;
    EXPECT_FALSE(has(keys, key_a()));
    EXPECT_FALSE(has(other, key_a()));
    EXPECT_TRUE(has(other, key_b()));
}

TEST_F(IssuerKeysTest, WhatIsCachedIsUsedWhileTheIssuerIsDown) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    issuer_.go_down();
    now_ += std::chrono::hours(24 * 30);
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(verdict(keys, key_b()), "10");
    auto restarted = process();
    EXPECT_TRUE(has(restarted, key_a()));
    issuer_.publish(test::jwks({key_b().jwk()}));
    issuer_.come_back();
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 10s;
    EXPECT_TRUE(has(keys, key_b()));
    EXPECT_FALSE(has(keys, key_a()));
}

TEST_F(IssuerKeysTest, AnswersThatAreNoJwksAreAsGoodAsNone) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    for (const auto* useless : {"", "<html>", "{}", R"({"keys": null})", R"({"keys": ["x"]})"}) {
        issuer_.publish(useless);
        now_ += 300s;
        EXPECT_TRUE(has(keys, key_a())) << useless;
        EXPECT_FALSE(keys.state(IssuerKeys::Asking::InNeed).answers);
    }
    EXPECT_EQ(asked(), 6);
}

TEST_F(IssuerKeysTest, AnIssuerTakesAllItsKeysBack) {
    auto keys = process();
    auto other = process();
    const auto expect_revoked = [&](const std::string& jwks) {
        issuer_.publish(test::jwks({key_a().jwk()}));
        now_ += 300s;
        EXPECT_TRUE(has(keys, key_a()));
        EXPECT_TRUE(has(other, key_a()));
        issuer_.publish(jwks);
        now_ += 300s;
        EXPECT_EQ(verdict(keys, key_a()), "none") << jwks;
        now_ += MissedKeys::kPause;
        EXPECT_EQ(verdict(other, key_a()), "none") << jwks;
        auto restarted = process();
        now_ += MissedKeys::kPause;
        EXPECT_EQ(verdict(restarted, key_a()), "none") << jwks;
        EXPECT_EQ(keys.state(IssuerKeys::Asking::InNeed).keys, 0U);
    };
    expect_revoked(test::jwks({}));
    // Nor does it have one any more that tokens may be signed with.
    expect_revoked(test::jwks({SigningKey::rsa("weak", 1024).jwk()}));
    expect_revoked(test::jwks({key_b().jwk({{"use", "\"enc\""}})}));
    issuer_.publish(test::jwks({key_b().jwk()}));
    now_ += MissedKeys::kPause;
    EXPECT_EQ(verdict(keys, key_b()), "good");
}

TEST_F(IssuerKeysTest, SaysWhatThereIs) {
    using Asking = IssuerKeys::Asking;
    issuer_.go_down();
    auto keys = process();
    EXPECT_FALSE(keys.state(Asking::InNeed).fetched_at);
    EXPECT_FALSE(keys.state(Asking::InNeed).answers);
    issuer_.come_back();
    now_ += 10s;
    const auto fetched_at = now_;
    auto state = keys.state(Asking::InNeed);
    EXPECT_EQ(state.fetched_at, fetched_at);
    EXPECT_EQ(state.keys, 1U);
    EXPECT_TRUE(state.answers);
    // Old ones are no need.
    now_ += 300s;
    EXPECT_EQ(keys.state(Asking::InNeed).fetched_at, fetched_at);
    EXPECT_EQ(keys.state(Asking::WhenOld).fetched_at, now_);
    issuer_.go_down();
    now_ += 300s;
    EXPECT_TRUE(keys.state(Asking::InNeed).answers);
    EXPECT_FALSE(keys.state(Asking::WhenOld).answers);
    EXPECT_FALSE(process().state(Asking::InNeed).answers);
}

TEST_F(IssuerKeysTest, TheSameKeysAgainAreNoOthers) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    const auto before = keys.generation();
    now_ += 300s;
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(keys.generation(), before);
    issuer_.publish(test::jwks({key_a().jwk(), key_b().jwk()}));
    now_ += 300s;
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_NE(keys.generation(), before);
}

TEST_F(IssuerKeysTest, WithoutAnyKeysNobodyKnows) {
    issuer_.go_down();
    auto keys = process();
    EXPECT_THROW(keys.find("a", Algorithm::ES256), KeysUnavailable);
    issuer_.come_back();
    EXPECT_THROW(keys.find("a", Algorithm::ES256), KeysUnavailable);
    EXPECT_EQ(asked(), 0);  // so soon
    auto other = process();
    EXPECT_THROW(other.find("a", Algorithm::ES256), KeysUnavailable);
    now_ += 10s;
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_TRUE(has(other, key_a()));
    EXPECT_EQ(asked(), 1);
}

TEST_F(IssuerKeysTest, ACorruptCacheIsFetchedAnew) {
    {
        auto keys = process();
        EXPECT_TRUE(has(keys, key_a()));
    }
    for (const auto& name : test::names_in(folder_.path())) {
        test::write_file(folder_ / name, "\x01{corrupt");
    }
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 2);
    auto other = process();
    EXPECT_TRUE(has(other, key_a()));
    EXPECT_EQ(asked(), 2);
}

TEST_F(IssuerKeysTest, CachedKeysOfNoUseAreFetchedAnew) {
    IssuerCache(folder_.path(), "jwks", issuer_.url()).store({test::jwks({}), now_});
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 1);
}

TEST_F(IssuerKeysTest, KeysFromTheFutureAreUsedAndReplaced) {
    IssuerCache(folder_.path(), "jwks", issuer_.url())
        .store({test::jwks({key_b().jwk()}), now_ + std::chrono::hours(1)});
    issuer_.go_down();
    auto keys = process();
    EXPECT_TRUE(has(keys, key_b()));
    issuer_.come_back();
    now_ += 10s;
    EXPECT_TRUE(has(keys, key_a()));
}

TEST_F(IssuerKeysTest, WithoutADiskEachProcessAsksForItself) {
    IssuerKeys keys(issuer_.url(), folder_ / "missing", [this] { return now_; });
    EXPECT_TRUE(has(keys, key_a()));
    for (int i = 0; i < 20; ++i) EXPECT_NE(verdict(keys, "x" + std::to_string(i)), "good");
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 8);
    issuer_.answer(FakeIssuer::kJwks, 500, "{}");
    now_ += 2s;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(verdict(keys, "y" + std::to_string(i)), "10");
    EXPECT_EQ(asked(), 9);
}

TEST_F(IssuerKeysTest, AKeyOfAnotherTypeIsNoReasonToAsk) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 60s;
    EXPECT_EQ(keys.find("a", Algorithm::RS256), nullptr);
    EXPECT_NE(keys.find(std::nullopt, Algorithm::ES256), nullptr);
    EXPECT_EQ(keys.find(std::nullopt, Algorithm::RS256), nullptr);
    EXPECT_EQ(asked(), 1);
}

TEST_F(IssuerKeysTest, ManyProcessesThatStartAtOnceAskOnce) {
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
        children.push_back(fork_child([this] {
            auto keys = process();
            return has(keys, key_a()) ? 0 : 1;
        }));
    }
    for (const auto child : children) EXPECT_EQ(exit_code(child), 0);
    EXPECT_EQ(asked(), 1);
    EXPECT_EQ(issuer_.asked(FakeIssuer::kJwks), 1);
}

TEST_F(IssuerKeysTest, WhileAnotherAsksOneGoesOnWithWhatOneHas) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 300s;
    const IssuerCache cache(folder_.path(), "jwks", issuer_.url());
    auto turn = cache.take_turn(0ms);
    ASSERT_TRUE(turn);
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 1);
    turn.reset();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 2);
}

TEST_F(IssuerKeysTest, OneThatIsKilledWhileItAsksLosesItsTurn) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 300s;
    const IssuerCache cache(folder_.path(), "jwks", issuer_.url());
    const auto child = fork_child([&] {
        const auto turn = cache.take_turn(10s);  // which the loop below has now and then
        ::pause();
        return 0;
    });
    while (cache.take_turn(0ms)) {
    }
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 1);
    ::kill(child, SIGKILL);
    exit_code(child);
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 2);
}

}  // namespace
}  // namespace coredepot::auth
