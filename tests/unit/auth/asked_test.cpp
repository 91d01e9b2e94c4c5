#include "auth/asked.hpp"

#include <gtest/gtest.h>

#include "auth/missed_keys.hpp"

namespace coredepot::auth {
namespace {

using namespace std::chrono_literals;

const Timestamp kNow{std::chrono::seconds(1'700'000'000)};

/// With an answer to each question.
Asked after(int questions) {
    Asked asked;
    for (int i = 0; i < questions; ++i) {
        asked = asked.again(kNow);
        asked.answered = true;
    }
    return asked;
}

TEST(Asked, EightAtOnceAndOneInTwoSeconds) {
    EXPECT_EQ(Asked().wait(kNow), 0s);
    EXPECT_EQ(after(7).wait(kNow), 0s);
    EXPECT_EQ(after(8).wait(kNow), 2s);
    EXPECT_EQ(after(8).wait(kNow + 500ms), 1500ms);
    EXPECT_EQ(after(8).wait(kNow + 2s), 0s);
    EXPECT_EQ(after(8).again(kNow + 2s).budget_full_at, kNow + 18s);
}

TEST(Asked, TenSecondsOfPeaceWithoutAnAnswer) {
    const auto asked = Asked().again(kNow);
    EXPECT_EQ(asked.wait(kNow), 10s);
    EXPECT_EQ(asked.wait(kNow + 9s), 1s);
    EXPECT_EQ(asked.wait(kNow + 10s), 0s);
}

TEST(Asked, AClockThatIsSetBackMakesNobodyWait) {
    EXPECT_EQ(after(8).wait(kNow - 1h), 0s);
    EXPECT_EQ(Asked().again(kNow).wait(kNow - 1h), 0s);
    EXPECT_EQ(after(8).again(kNow - 1h).budget_full_at, kNow - 1h + 2s);
}

TEST(MissedKeys, EachForItself) {
    MissedKeys missed;
    EXPECT_EQ(missed.wait("a", kNow), 0s);
    missed.add("a", kNow);
    EXPECT_EQ(missed.wait("a", kNow + 2s), 3s);
    EXPECT_EQ(missed.wait("b", kNow), 0s);
    EXPECT_EQ(missed.wait("a", kNow + 5s), 0s);
    EXPECT_EQ(missed.wait("a", kNow - 1s), 0s);
    missed.add("a", kNow + 5s);
    EXPECT_EQ(missed.wait("a", kNow + 5s), 5s);
}

TEST(MissedKeys, AreOnlySoMany) {
    MissedKeys missed;
    for (std::size_t i = 0; i <= MissedKeys::kMost; ++i) missed.add(std::to_string(i), kNow);
    EXPECT_EQ(missed.wait("0", kNow), 0s);
    EXPECT_EQ(missed.wait("1", kNow), 5s);
    EXPECT_EQ(missed.wait(std::to_string(MissedKeys::kMost), kNow), 5s);
}

}  // namespace
}  // namespace coredepot::auth
