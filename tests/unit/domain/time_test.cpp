#include "domain/time.hpp"

#include <gtest/gtest.h>

#include "domain/coredump.hpp"

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

TEST(Time, IsReadAsClientsWriteIt) {
    const auto time = at(2026y / February / 11, 14h + 30min);
    EXPECT_EQ(from_iso8601("2026-02-11T14:30:00Z"), time);
    EXPECT_EQ(from_iso8601("2026-02-11t14:30:00.000z"), time);
    EXPECT_EQ(from_iso8601("2026-02-11T14:30:00.123456Z"), time + 123'456us);
    EXPECT_EQ(from_iso8601("2026-02-11T14:30:00.1Z"), time + 100'000us);
    EXPECT_EQ(from_iso8601("2026-02-11T15:45:00+01:15"), time);
    EXPECT_EQ(from_iso8601("2026-02-10T23:30:00-15:00"), time);
    EXPECT_EQ(from_iso8601("2024-02-29T00:00:00Z"), at(2024y / February / 29, 0s));
    for (const auto* bad : {"",
                            "now",
                            "2026-02-11",
                            "2026-02-11T14:30:00",
                            "2026-02-11T14:30Z",
                            "2026-02-30T00:00:00Z",
                            "2026-13-01T00:00:00Z",
                            "2026-02-11T24:00:00Z",
                            "2026-02-11T14:60:00Z",
                            "2026-02-11T14:30:60Z",
                            "2026-02-11T14:30:00.Z",
                            "2026-02-11T14:30:00.1234567Z",
                            "2026-02-11T14:30:00Z ",
                            "2026-02-11T14:30:00+24:00",
                            "2026-02-11T14:30:00+1:00",
                            "0000-01-01T00:00:00Z",
                            "0001-01-01T00:00:00+01:00",
                            "9999-12-31T23:59:59-00:01",
                            "+026-02-11T14:30:00Z",
                            "-2026-02-11T14:30:00Z"}) {
        EXPECT_EQ(from_iso8601(bad), std::nullopt) << bad;
    }
}

TEST(Time, NowIsBetweenTwoLooksAtTheClock) {
    const auto before = floor<microseconds>(system_clock::now());
    const auto time = now();
    EXPECT_LE(before, time);
    EXPECT_LE(time, system_clock::now());
}

TEST(Time, IsReadFromTheNameOfACoreDump) {
    for (const auto time : {at(2026y / February / 11, 14h + 30min + 123'456us), Timestamp(),
                            at(2024y / February / 29, 23h + 59min + 59s + 999'999us)}) {
        EXPECT_EQ(uploaded_at(dump_filename(time)), time);
    }
    for (const auto* name :
         {"coredump_20260231T000000_000000Z.dmp", "coredump_20261301T000000_000000Z.dmp",
          "coredump_20260200T000000_000000Z.dmp", "coredump_20260211T240000_000000Z.dmp",
          "coredump_20260211T006000_000000Z.dmp"}) {
        EXPECT_EQ(uploaded_at(DumpFilename::trusted(name)), std::nullopt) << name;
    }
}

}  // namespace
}  // namespace coredepot
