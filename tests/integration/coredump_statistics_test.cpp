// How many core dumps there are, and how old the oldest is that waits.

#include "coredumps_test.hpp"
#include "db/statistics.hpp"

namespace coredepot::db {
namespace {

class Statistics : public CoredumpsTest {
  protected:
    CoredumpStatistics count() {
        sql("UPDATE coredump_statistics SET took = '0'");
        EXPECT_TRUE(count_coredumps(database_));
        return coredump_statistics(database_);
    }
};

TEST_F(Statistics, OfNoneAreZero) {
    const auto found = count();
    EXPECT_EQ(found.pending + found.parsed + found.error + found.bytes, 0U);
    EXPECT_EQ(found.oldest_pending_age.count(), 0);
}

TEST_F(Statistics, CountByStatusAndAddUpSizes) {
    for (std::int64_t i = 1; i <= 6; ++i) store(i % 2 == 0 ? device_ : other_, i, 20);
    sql("UPDATE coredumps SET parse_status = 'PARSED', parsed_output = 'x', parsed_at = now() "
        "WHERE id IN (SELECT id FROM coredumps ORDER BY id LIMIT 2)");
    sql("UPDATE coredumps SET parse_status = 'ERROR', parsed_output = 'x' "
        "WHERE id IN (SELECT max(id) FROM coredumps)");
    const auto found = count();
    EXPECT_EQ(found.parsed, 2U);
    EXPECT_EQ(found.pending, 3U);
    EXPECT_EQ(found.error, 1U);
    EXPECT_EQ(found.bytes, 600U);
}

TEST_F(Statistics, AgeIsThatOfTheOldestPendingUploadDueOrNot) {
    for (std::int64_t i = 1; i <= 2; ++i) store(device_, i, 20);
    sql("UPDATE coredumps SET uploaded_at = now() - interval '1 day', parse_status = 'ERROR', "
        "parsed_output = 'x' WHERE id IN (SELECT min(id) FROM coredumps)");
    sql("UPDATE coredumps SET uploaded_at = now() - interval '1 hour', "
        "next_attempt_at = now() + interval '1 day' WHERE parse_status = 'PENDING'");
    const auto age = coredump_statistics(database_).oldest_pending_age;
    EXPECT_GE(age, std::chrono::hours(1));
    EXPECT_LT(age, std::chrono::hours(2));
}

TEST_F(Statistics, AClockThatWasSetBackMakesNobodyYoungerThanNothing) {
    store(device_, 1, 20);
    sql("UPDATE coredumps SET uploaded_at = now() + interval '1 hour'");
    EXPECT_EQ(coredump_statistics(database_).oldest_pending_age.count(), 0);
}

TEST_F(Statistics, CountWhatWasUploadedInTheFuture) {
    for (std::int64_t i = 1; i <= 3; ++i) store(device_, i, 20);
    EXPECT_EQ(count().ahead, 0U);
    EXPECT_EQ(coredump_statistics(database_).pending_ahead.count(), 0);
    sql("UPDATE coredumps SET uploaded_at = now() + id * interval '1 hour' WHERE id > 1");
    const auto found = count();
    EXPECT_EQ(found.ahead, 2U);
    EXPECT_GT(found.pending_ahead, std::chrono::hours(2));
    EXPECT_LE(found.pending_ahead, std::chrono::hours(3));
    sql("UPDATE coredumps SET parse_status = 'ERROR', parsed_output = 'x'");
    EXPECT_EQ(coredump_statistics(database_).pending_ahead.count(), 0);
}

TEST_F(Statistics, CompareTheClocks) {
    const auto ahead = coredump_statistics(database_).clock_ahead;  // on one machine
    EXPECT_LT(ahead, std::chrono::minutes(1));
    EXPECT_GT(ahead, -std::chrono::minutes(1));
}

TEST_F(Statistics, SayHowOldTheyAre) {
    count();
    EXPECT_LT(coredump_statistics(database_).counted_ago, std::chrono::hours(1));
    sql("UPDATE coredump_statistics SET counted_at = now() - interval '1 day'");
    EXPECT_GE(coredump_statistics(database_).counted_ago, std::chrono::days(1));
    sql("UPDATE coredump_statistics SET counted_at = now() + interval '1 day'");
    EXPECT_EQ(coredump_statistics(database_).counted_ago.count(), 0);
}

TEST_F(Statistics, WhatTakesLongIsDoneSeldom) {
    count();
    store(device_, 1, 20);
    sql("UPDATE coredump_statistics SET took = '1 hour'");
    EXPECT_FALSE(count_coredumps(database_));
    EXPECT_EQ(coredump_statistics(database_).pending, 0U);
    sql("UPDATE coredump_statistics SET counted_at = now() - interval '101 hours'");
    EXPECT_TRUE(count_coredumps(database_));
    EXPECT_EQ(coredump_statistics(database_).pending, 1U);
    sql("UPDATE coredump_statistics SET counted_at = now() + interval '1 hour', took = '1 hour'");
    EXPECT_TRUE(count_coredumps(database_));
    EXPECT_EQ(sql_value("SELECT took < interval '1 hour' FROM coredump_statistics"), "t");
}

TEST_F(Statistics, OneCountsAtATime) {
    count();
    const test::OpenTransaction other("SELECT pg_advisory_xact_lock(hashtext('count_coredumps'))");
    EXPECT_FALSE(count_coredumps(database_));
}

}  // namespace
}  // namespace coredepot::db
