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

TEST_F(IssuerKeysTest, AnUnknownKeyIsAskedForAtOnceButNotAllTheTime) {
    auto keys = process();
    auto other = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_TRUE(has(other, key_a()));
    now_ += 11s;
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(has(keys, SigningKey::ec("x" + std::to_string(i))));
    EXPECT_FALSE(has(other, key_b()));
    EXPECT_EQ(asked(), 2);
    now_ += 9s;
    EXPECT_FALSE(has(other, key_b()));
    EXPECT_EQ(asked(), 2);
    now_ += 1s;
    EXPECT_FALSE(has(other, key_b()));
    EXPECT_EQ(asked(), 3);
    EXPECT_TRUE(has(keys, key_a()));
}

TEST_F(IssuerKeysTest, KeysRotate) {
    auto keys = process();
    auto other = process();
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_TRUE(has(other, key_a()));
    issuer_.publish(test::jwks({key_a().jwk(), key_b().jwk()}));
    now_ += 10s;
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
    EXPECT_FALSE(has(keys, key_b()));
    auto restarted = process();
    EXPECT_TRUE(has(restarted, key_a()));
    issuer_.publish(test::jwks({key_b().jwk()}));
    issuer_.come_back();
    EXPECT_TRUE(has(keys, key_a()));
    now_ += 10s;
    EXPECT_TRUE(has(keys, key_b()));
    EXPECT_FALSE(has(keys, key_a()));
}

TEST_F(IssuerKeysTest, AnswersOfNoUseAreAsGoodAsNone) {
    auto keys = process();
    EXPECT_TRUE(has(keys, key_a()));
    for (const auto& useless : {std::string(), std::string("<html>"), test::jwks({}),
                                test::jwks({SigningKey::rsa("weak", 1024).jwk()}),
                                test::jwks({key_b().jwk({{"use", "\"enc\""}})})}) {
        issuer_.publish(useless);
        now_ += 300s;
        EXPECT_TRUE(has(keys, key_a())) << useless;
    }
    EXPECT_EQ(asked(), 6);
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
    now_ += KeysUnavailable::kRetryAfter;
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
    EXPECT_FALSE(has(keys, key_b()));
    EXPECT_TRUE(has(keys, key_a()));
    EXPECT_EQ(asked(), 1);
    now_ += 10s;
    EXPECT_FALSE(has(keys, key_b()));
    EXPECT_FALSE(has(keys, key_b()));
    EXPECT_EQ(asked(), 2);
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
