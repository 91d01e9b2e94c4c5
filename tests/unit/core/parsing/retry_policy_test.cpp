#include "core/parsing/retry_policy.hpp"

#include <gtest/gtest.h>

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;

TEST(RetryPolicy, APauseAfterEachAttemptButTheLast) {
    EXPECT_EQ(pause_after(1, {5s, 60s}), 5s);
    EXPECT_EQ(pause_after(2, {5s, 60s}), 60s);
    EXPECT_EQ(pause_after(3, {5s, 60s}), std::nullopt);
    EXPECT_EQ(pause_after(4, {5s, 60s}), std::nullopt);
}

TEST(RetryPolicy, WithoutPausesThereIsOneAttempt) {
    EXPECT_EQ(pause_after(1, {}), std::nullopt);
}

TEST(RetryPolicy, TheLongestPause) {
    EXPECT_EQ(longest_pause({5s, 60s, 7s}), 60s);
    EXPECT_EQ(longest_pause({}), 0s);
}

TEST(RetryPolicy, AttemptsCountFromOne) {
    EXPECT_EQ(pause_after(0, {5s}), std::nullopt);
    EXPECT_EQ(pause_after(-1, {5s}), std::nullopt);
}

}  // namespace
}  // namespace coredepot::core
