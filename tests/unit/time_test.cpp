#include "domain/time.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using namespace std::chrono;

Timestamp at(year_month_day date, microseconds since_midnight) {
    return sys_days(date) + since_midnight;
}

TEST(Time, FormatsHaveMicrosecondsAndEndInZ) {
    const auto time = at(2026y / February / 11, 14h + 30min + 123'456us);
    EXPECT_EQ(to_iso8601(time), "2026-02-11T14:30:00.123456Z");
    EXPECT_EQ(to_compact(time), "20260211T143000_123456Z");
}

TEST(Time, SmallNumbersArePadded) {
    const auto time = at(2026y / January / 2, 3h + 4min + 5s + 6us);
    EXPECT_EQ(to_iso8601(time), "2026-01-02T03:04:05.000006Z");
    EXPECT_EQ(to_compact(time), "20260102T030405_000006Z");
}

TEST(Time, LastMicrosecondOfALeapDay) {
    const auto time = at(2028y / February / 29, 24h - 1us);
    EXPECT_EQ(to_iso8601(time), "2028-02-29T23:59:59.999999Z");
    EXPECT_EQ(to_iso8601(time + 1us), "2028-03-01T00:00:00.000000Z");
}

TEST(Time, BeforeTheEpoch) {
    EXPECT_EQ(to_iso8601(Timestamp(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Time, CompactSortsAsTimeDoes) {
    const auto earlier = at(2026y / December / 31, 24h - 1us);
    EXPECT_LT(to_compact(earlier), to_compact(earlier + 1us));
}

TEST(Time, NowIsBetweenTwoLooksAtTheClock) {
    const auto before = floor<microseconds>(system_clock::now());
    const auto time = now();
    EXPECT_LE(before, time);
    EXPECT_LE(time, system_clock::now());
}

}  // namespace
}  // namespace coredepot
