#include "core/outage.hpp"

#include <gtest/gtest.h>

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;

const Outage::Clock::time_point kNow(1000h);

TEST(Outage, ThereIsNoneAtFirst) {
    EXPECT_FALSE(Outage().lasts(kNow));
    EXPECT_FALSE(Outage().lasts({}));
}

TEST(Outage, LastsFourTimesAsLongAsItTookToFindOut) {
    Outage outage;
    outage.observed(kNow - 1s, kNow);
    EXPECT_TRUE(outage.lasts(kNow));
    EXPECT_TRUE(outage.lasts(kNow + 4s - 1ns));
    EXPECT_FALSE(outage.lasts(kNow + 4s));
}

TEST(Outage, LastsTenSecondsAtMost) {
    Outage outage;
    outage.observed(kNow - 1h, kNow);
    EXPECT_TRUE(outage.lasts(kNow + 10s - 1ns));
    EXPECT_FALSE(outage.lasts(kNow + 10s));
}

TEST(Outage, ThatIsToldAtOnceIsForgottenAtOnce) {
    Outage outage;
    outage.observed(kNow, kNow);
    EXPECT_FALSE(outage.lasts(kNow));
}

}  // namespace
}  // namespace coredepot::core
