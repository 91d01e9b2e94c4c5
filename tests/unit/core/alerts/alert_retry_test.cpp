#include <gtest/gtest.h>

#include "core/alerts/retry.hpp"

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;

TEST(AlertRetry, PausesGrowAndEnd) {
    EXPECT_EQ(alert_pause(1, 0), 5s);
    EXPECT_EQ(alert_pause(2, 0), 5min);
    EXPECT_EQ(alert_pause(3, 0), 30min);
    EXPECT_EQ(alert_pause(4, 0), 2h);
    EXPECT_EQ(alert_pause(9, 0), 24h);
    EXPECT_EQ(alert_pause(10, 0), std::nullopt);
    EXPECT_EQ(alert_pause(0, 0), std::nullopt);
    EXPECT_EQ(alert_pause(-1, 0), std::nullopt);
}

TEST(AlertRetry, JitterIsATenth) {
    EXPECT_EQ(alert_pause(2, 1), 330s);
    EXPECT_EQ(alert_pause(2, 0.5), 315s);
    EXPECT_EQ(alert_pause(2, 7), 330s);
}

TEST(AlertRetry, WhoAsksForMoreTimeGetsItUpToADay) {
    EXPECT_EQ(alert_pause(1, 0, 120s), 120s);
    EXPECT_EQ(alert_pause(2, 0, 120s), 5min);
    EXPECT_EQ(alert_pause(1, 0, 1000h), 24h);
    EXPECT_EQ(alert_pause(10, 0, 5s), std::nullopt);
}

}  // namespace
}  // namespace coredepot::core
