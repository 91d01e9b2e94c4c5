#include "core/database_outage.hpp"

#include <gtest/gtest.h>

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;

const DatabaseOutage::Clock::time_point kNow(1000h);

TEST(DatabaseOutage, ThereIsNoneAtFirst) {
    EXPECT_FALSE(DatabaseOutage().lasts(kNow));
    EXPECT_FALSE(DatabaseOutage().lasts({}));
}

TEST(DatabaseOutage, LastsFourTimesAsLongAsItTookToFindOut) {
    DatabaseOutage outage;
    outage.observed(kNow - 1s, kNow);
    EXPECT_TRUE(outage.lasts(kNow));
    EXPECT_TRUE(outage.lasts(kNow + 4s - 1ns));
    EXPECT_FALSE(outage.lasts(kNow + 4s));
}

TEST(DatabaseOutage, LastsTenSecondsAtMost) {
    DatabaseOutage outage;
    outage.observed(kNow - 1h, kNow);
    EXPECT_TRUE(outage.lasts(kNow + 10s - 1ns));
    EXPECT_FALSE(outage.lasts(kNow + 10s));
}

TEST(DatabaseOutage, ThatIsToldAtOnceIsForgottenAtOnce) {
    DatabaseOutage outage;
    outage.observed(kNow, kNow);
    EXPECT_FALSE(outage.lasts(kNow));
}

}  // namespace
}  // namespace coredepot::core
