// The queue of core dumps to be parsed: claims and leases.

#include "parse_queue_test.hpp"

#include "lost_claim.hpp"

namespace coredepot::db {
namespace {

using namespace std::chrono_literals;
using test::database_url;
using test::Role;
using test::text_only;

TEST_F(ParseQueueTest, AnEmptyQueueHasNoClaim) {
    EXPECT_FALSE(queue_.claim(kLease));
}

TEST_F(ParseQueueTest, AClaimTellsWhatThereIsToDo) {
    const auto id = add_coredump(device_, 1, "1.2+3");
    const auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.coredump_id, id);
    EXPECT_EQ(claim.attempt, 1);
    EXPECT_EQ(claim.lease.size(), 36U);
    EXPECT_EQ(claim.device_key.str(), "abcd1234");
    EXPECT_EQ(claim.device_model_id, model_);
    EXPECT_EQ(claim.model_code.str(), "a");
    EXPECT_EQ(claim.filename, filename_at(1));
    EXPECT_EQ(claim.chip.str(), "esp32c3");
    EXPECT_EQ(claim.firmware_version.str(), "1.2+3");
    EXPECT_EQ(column(id, "lease"), claim.lease);
    EXPECT_EQ(column(id, "parse_status"), "PENDING");
}

TEST_F(ParseQueueTest, OldestFirst) {
    const auto second = add_coredump(device_, 2);
    const auto third = add_coredump(device_, 3);
    const auto first = add_coredump(device_, 1);
    EXPECT_EQ(claimed_id(), first);
    EXPECT_EQ(claimed_id(), second);
    EXPECT_EQ(claimed_id(), third);
    EXPECT_EQ(claimed_id(), std::nullopt);
}

TEST_F(ParseQueueTest, WhatIsDoneIsNotClaimed) {
    const auto parsed = add_coredump(device_, 1);
    const auto error = add_coredump(device_, 2);
    queue_.record_parsed(queue_.claim(kLease).value(), text_only("x"));
    queue_.record_error(queue_.claim(kLease).value(), "x", true);
    let_time_pass();
    EXPECT_FALSE(queue_.claim(kLease));
    EXPECT_EQ(column(parsed, "parse_status"), "PARSED");
    EXPECT_EQ(column(error, "parse_status"), "ERROR");
}

TEST_F(ParseQueueTest, RowsThatOthersAreClaimingAreSkipped) {
    add_coredump(device_, 1);
    const auto second = add_coredump(device_, 2);
    const test::OpenTransaction other("SELECT FROM coredumps WHERE id = 1 FOR UPDATE");
    EXPECT_EQ(claimed_id(), second);
    EXPECT_EQ(claimed_id(), std::nullopt);
}

TEST_F(ParseQueueTest, ManyClaimersNeverGetTheSameRow) {
    constexpr int kRows = 200;
    for (int i = 0; i < kRows; ++i) add_coredump(device_, i);
    EXPECT_TRUE(test::in_processes(6, [](int process) {
        Database database(database_url(Role::Writer), "test", Mode::ReadWrite);
        ParseQueue queue(database);
        // One that starts late may find nothing left.
        bool recorded = true;
        while (const auto claim = queue.claim(kLease)) {
            recorded =
                queue.record_parsed(*claim, text_only("by " + std::to_string(process))) && recorded;
        }
        return recorded;
    }));
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED' "
                        "AND attempts = 1 AND lease IS NULL"),
              std::to_string(kRows));
}

TEST_F(ParseQueueTest, AClaimHoldsAsLongAsItsLease) {
    add_coredump(device_, 1);
    EXPECT_TRUE(queue_.claim(kLease));
    EXPECT_FALSE(queue_.claim(kLease));
}

TEST_F(ParseQueueTest, WhenTheLeaseRanOutAnotherTakesOver) {
    const auto id = add_coredump(device_, 1);
    const auto dead = queue_.claim(0s).value();
    const auto alive = queue_.claim(kLease).value();
    EXPECT_EQ(alive.coredump_id, id);
    EXPECT_NE(alive.lease, dead.lease);
    EXPECT_EQ(alive.attempt, 1) << "nothing came of the first";
}

TEST_F(ParseQueueTest, WhatRunnersWereLostOverIsSuspected) {
    const auto id = add_coredump(device_, 1);
    EXPECT_EQ(queue_.claim(0s).value().suspicion, 0);
    EXPECT_EQ(queue_.claim(0s).value().suspicion, 1);
    EXPECT_EQ(queue_.claim(0s).value().suspicion, 1) << "it was not alone yet";
    for (int lost = 0; lost < 3; ++lost) {
        const auto claim = queue_.claim(kLease).value();
        EXPECT_EQ(claim.suspicion, 1 + lost);
        EXPECT_TRUE(queue_.parse_alone(claim, 0s));
    }
    const auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.suspicion, 4);
    EXPECT_EQ(claim.attempt, 1);
    EXPECT_EQ(column(id, "leased_alone"), "f");
    EXPECT_TRUE(queue_.release(claim));
    EXPECT_EQ(queue_.claim(kLease).value().suspicion, 4) << "who was told to stop proves nothing";
}

TEST_F(ParseQueueTest, WhoSurvivesItClearsIt) {
    add_coredump(device_, 1);
    queue_.claim(0s);
    EXPECT_TRUE(queue_.record_failure(queue_.claim(kLease).value(), "why", 0s));
    const auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.suspicion, 0);
    EXPECT_EQ(claim.attempt, 2);
}

// By a clock that was ahead by a day, of uploads, pauses and leases.
TEST_F(ParseQueueTest, WhatIsDueTooFarAheadIsDueNow) {
    add_coredump(device_, 1);
    const auto leased = queue_.claim(kLease).value();
    const auto waiting = add_coredump(device_, 2);
    const auto paused = add_coredump(device_, 3);
    sql("UPDATE coredumps SET next_attempt_at = now() + interval '1 day' WHERE id <> " +
        std::to_string(paused));
    sql("UPDATE coredumps SET next_attempt_at = now() + interval '1 minute' WHERE id = " +
        std::to_string(paused));
    EXPECT_FALSE(queue_.claim(kLease));
    EXPECT_EQ(queue_.bring_forward(90s, 30s), 2);
    EXPECT_EQ(queue_.bring_forward(90s, 30s), 0);
    EXPECT_EQ(claimed_id(), waiting);
    EXPECT_FALSE(queue_.claim(kLease)) << "a pause is a pause";
    EXPECT_EQ(column(leased.coredump_id,
                     "next_attempt_at BETWEEN now() AND now() + interval '30 seconds'"),
              "t");
    EXPECT_TRUE(queue_.record_parsed(leased, text_only("x")));
}

TEST_F(ParseQueueTest, AsManyAsAreDueTooFarAheadAreBroughtForward) {
    sql("INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at, "
        "next_attempt_at) SELECT 1, 'coredump_20260211T143000_' || lpad(i::text, 6, '0') || "
        "'Z.dmp', 'esp32', '1', 1, now(), now() + interval '1 day' FROM generate_series(1, 2500) "
        "i");
    EXPECT_EQ(queue_.bring_forward(90s, 30s), 2500);
    EXPECT_EQ(claimed_id(), 1);
}

TEST_F(ParseQueueTest, WhoLostTheLeaseCanDoNothingMore) {
    const auto id = add_coredump(device_, 1);
    const auto dead = queue_.claim(0s).value();
    const auto alive = queue_.claim(kLease).value();
    test::expect_lost(queue_, dead);
    EXPECT_EQ(column(id, "parse_status"), "PENDING");
    EXPECT_EQ(column(id, "attempts"), "1");
    EXPECT_EQ(column(id, "lease"), alive.lease);
    EXPECT_TRUE(queue_.record_parsed(alive, text_only("y")));
    EXPECT_FALSE(queue_.record_parsed(alive, text_only("z")));
    EXPECT_EQ(column(id, "parsed_output"), "y");
}

TEST_F(ParseQueueTest, ALeaseThatRanOutStillCountsWhileNobodyTookOver) {
    const auto id = add_coredump(device_, 1);
    const auto late = queue_.claim(0s).value();
    EXPECT_TRUE(queue_.record_parsed(late, text_only("x")));
    EXPECT_EQ(column(id, "parse_status"), "PARSED");
}

TEST_F(ParseQueueTest, ARenewedLeaseHolds) {
    add_coredump(device_, 1);
    const auto claim = queue_.claim(0s).value();
    EXPECT_TRUE(queue_.renew(claim, kLease));
    EXPECT_FALSE(queue_.claim(kLease));
}

TEST_F(ParseQueueTest, TheQueueIsOneIndex) {
    sql("INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at) "
        "SELECT 1, 'coredump_20260211T143000_' || lpad(i::text, 6, '0') || 'Z.dmp', 'esp32', '1', "
        "1, now() FROM generate_series(1, 5000) i");
    sql("ANALYZE coredumps");
    std::string plan;
    for (const auto& row : sql("EXPLAIN SELECT id FROM coredumps WHERE parse_status = 'PENDING' "
                               "AND store = own_store() AND next_attempt_at <= now() "
                               "ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED")) {
        plan += row[0] + '\n';
    }
    EXPECT_NE(plan.find("coredumps_queue"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Sort"), std::string::npos) << plan;
}

}  // namespace
}  // namespace coredepot::db
