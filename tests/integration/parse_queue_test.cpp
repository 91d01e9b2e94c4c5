// The queue of core dumps to be parsed: claims, leases, retries.

#include "db/parse_queue.hpp"

#include <thread>

#include "db/coredumps.hpp"
#include "db/database.hpp"
#include "gzip.hpp"
#include "lost_claim.hpp"
#include "os/host.hpp"
#include "parse_result_json.hpp"
#include "support/database.hpp"
#include "support/stack.hpp"

namespace coredepot::db {
namespace {

using namespace std::chrono_literals;
using test::database_url;
using test::Role;
using test::text_only;

constexpr std::chrono::seconds kLease = 1h;

class ParseQueueTest : public test::DatabaseTest {
  protected:
    /// The lease of every claim has run out, or every pause is over.
    static void let_time_pass() {
        sql("UPDATE coredumps SET next_attempt_at = now() - interval '1 second' "
            "WHERE parse_status = 'PENDING'");
    }
    std::optional<std::int64_t> claimed_id() {
        const auto claim = queue_.claim(kLease);
        if (!claim) return std::nullopt;
        return claim->coredump_id;
    }

    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, "abcd1234");
    Database database_{database_url(Role::Writer), "test", Mode::ReadWrite};
    ParseQueue queue_{database_};
};

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

TEST_F(ParseQueueTest, Parsed) {
    const auto id = add_coredump(device_, 1);
    EXPECT_TRUE(
        queue_.record_parsed(queue_.claim(kLease).value(), text_only("#0 main \xe2\x82\xac\n")));
    EXPECT_EQ(column(id, "parsed_output"), "#0 main \xe2\x82\xac\n");
    EXPECT_EQ(column(id, "parsed_at IS NOT NULL"), "t");
    EXPECT_EQ(column(id, "parsed_at = updated_at"), "t");
    EXPECT_EQ(column(id, "lease"), "");
    EXPECT_EQ(column(id, "last_error"), "");
    EXPECT_EQ(column(id, "attempts"), "1");
}

TEST_F(ParseQueueTest, ParsedWithAllThatThereIsToKnow) {
    const auto id = add_coredump(device_, 1);
    EXPECT_TRUE(queue_.record_parsed(
        queue_.claim(kLease).value(),
        {"text", "0123456789abcdef", "abort in main (\xe2\x82\xac.c:1)", R"({"chip": "esp32"})"}));
    EXPECT_EQ(column(id, "signature"), "0123456789abcdef");
    EXPECT_EQ(column(id, "title"), "abort in main (\xe2\x82\xac.c:1)");
    EXPECT_EQ(column(id, "report ->> 'chip'"), "esp32");
    Coredumps coredumps(database_);
    const auto detail = coredumps.find(device_, id).value();
    EXPECT_EQ(detail.summary.signature, "0123456789abcdef");
    EXPECT_EQ(detail.summary.title, "abort in main (\xe2\x82\xac.c:1)");
    EXPECT_EQ(detail.report, R"({"chip": "esp32"})");
    EXPECT_EQ(coredumps.of_device(device_).at(0).signature, "0123456789abcdef");
}

// What is packed is read in place of what it was made of.
TEST_F(ParseQueueTest, ParsedAndPacked) {
    const auto id = add_coredump(device_, 1);
    const auto packed = gzip(parse_result_json("text", R"({"chip": "esp32"})"));
    EXPECT_TRUE(queue_.record_parsed(
        queue_.claim(kLease).value(),
        {"text", std::nullopt, std::nullopt, R"({"chip": "esp32"})", std::nullopt, packed}));
    EXPECT_EQ(column(id, "parsed_output"), "");
    EXPECT_EQ(column(id, "report IS NULL"), "t");
    Coredumps coredumps(database_);
    const auto detail = coredumps.find(device_, id).value();
    EXPECT_EQ(detail.packed, packed);
    EXPECT_FALSE(detail.parsed_output);
    EXPECT_FALSE(detail.report);
}

TEST_F(ParseQueueTest, ErrorWithAndWithoutAnAttempt) {
    const auto asked = add_coredump(device_, 1);
    EXPECT_TRUE(queue_.record_error(queue_.claim(kLease).value(), "why", true));
    const auto not_asked = add_coredump(device_, 2);
    EXPECT_TRUE(queue_.record_error(queue_.claim(kLease).value(), "why", false));
    EXPECT_EQ(column(asked, "attempts"), "1");
    EXPECT_EQ(column(not_asked, "attempts"), "0");
    for (const auto id : {asked, not_asked}) {
        EXPECT_EQ(column(id, "parse_status"), "ERROR");
        EXPECT_EQ(column(id, "parsed_output"), "why");
        EXPECT_EQ(column(id, "parsed_at"), "");
        EXPECT_EQ(column(id, "lease"), "");
    }
}

TEST_F(ParseQueueTest, AFailureIsTriedAgainAfterItsPause) {
    const auto id = add_coredump(device_, 1);
    EXPECT_TRUE(queue_.record_failure(queue_.claim(kLease).value(), "why", 60s));
    EXPECT_EQ(column(id, "parse_status"), "PENDING");
    EXPECT_EQ(column(id, "last_error"), "why");
    EXPECT_EQ(column(id, "lease"), "");
    EXPECT_EQ(column(id,
                     "next_attempt_at BETWEEN updated_at + interval '59 seconds' AND "
                     "updated_at + interval '61 seconds'"),
              "t");
    EXPECT_FALSE(queue_.claim(kLease));
    let_time_pass();
    EXPECT_EQ(queue_.claim(kLease).value().attempt, 2);
}

TEST_F(ParseQueueTest, AfterAPauseOfNothingItIsDueAtOnce) {
    add_coredump(device_, 1);
    queue_.record_failure(queue_.claim(kLease).value(), "why", 0s);
    EXPECT_EQ(queue_.claim(kLease).value().attempt, 2);
}

TEST_F(ParseQueueTest, AReleasedClaimIsAsIfItHadNotBeen) {
    const auto id = add_coredump(device_, 1);
    EXPECT_TRUE(queue_.release(queue_.claim(kLease).value()));
    EXPECT_EQ(column(id, "attempts"), "0");
    EXPECT_EQ(column(id, "lease"), "");
    EXPECT_EQ(queue_.claim(kLease).value().attempt, 1);
}

TEST_F(ParseQueueTest, ADumpThatIsDeletedWhileItIsLeased) {
    const auto id = add_coredump(device_, 1);
    const auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(Coredumps(database_).remove(device_, id), DumpFile{filename_at(1)});
    test::expect_lost(queue_, claim);
}

TEST_F(ParseQueueTest, RetentionTakesLeasedDumpsToo) {
    const auto id = add_coredump(device_, 1);
    const auto claim = queue_.claim(kLease).value();
    Coredumps(database_).store(
        {device_, filename_at(2), Chip::trusted("esp32"), FirmwareVersion::trusted("1"), 1,
         Timestamp(std::chrono::microseconds(2))},
        {1});
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE id = " + std::to_string(id)), "0");
    EXPECT_FALSE(queue_.record_parsed(claim, text_only("x")));
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

constexpr const char* kHere = "0123456789abcdef0123456789abcdef";
constexpr const char* kThere = "fedcba9876543210fedcba9876543210";

TEST_F(ParseQueueTest, WhatIsInAnotherStoreIsForItsOwnRunners) {
    const auto there = add_coredump(device_, 1);
    const auto here = add_coredump(device_, 2);
    const auto anywhere = add_coredump(device_, 3);
    sql("UPDATE coredumps SET store = '" + std::string(kThere) + "' WHERE id = 1");
    sql("UPDATE coredumps SET store = '" + std::string(kHere) + "' WHERE id = 2");
    database_.set_store(kHere);
    auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.coredump_id, anywhere);
    EXPECT_FALSE(claim.is_here);
    EXPECT_TRUE(queue_.is_due());
    claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.coredump_id, here);
    EXPECT_TRUE(claim.is_here);
    EXPECT_FALSE(queue_.is_due());
    EXPECT_FALSE(queue_.claim(kLease));

    Database elsewhere(database_url(Role::Writer), "test", Mode::ReadWrite);
    elsewhere.set_store(kThere);
    EXPECT_EQ(ParseQueue(elsewhere).claim(kLease).value().coredump_id, there);
}

TEST_F(ParseQueueTest, AnObjectIsForWhoeverHasTheBucket) {
    database_.set_store(kHere);
    NewCoredump dump{device_,
                     filename_at(1),
                     Chip::trusted("esp32"),
                     FirmwareVersion::trusted("1"),
                     1,
                     Timestamp(std::chrono::microseconds(1))};
    dump.object = "coredumps/1";
    const auto stored = std::get<StoredCoredump>(Coredumps(database_).store(dump, {1}));
    EXPECT_EQ(stored.file, (DumpFile{filename_at(1), "coredumps/1"}));

    Database elsewhere(database_url(Role::Writer), "test", Mode::ReadWrite);
    elsewhere.set_store(kThere);
    ParseQueue there(elsewhere);
    EXPECT_FALSE(there.is_due());
    EXPECT_FALSE(there.claim(kLease));
    EXPECT_TRUE(there.waiting_elsewhere(0s).empty()) << "nobody looks for it in a folder";
    EXPECT_TRUE(there.is_due(ParseQueue::Objects::Too));
    const auto claim = there.claim(kLease, ParseQueue::Objects::Too).value();
    EXPECT_EQ(claim.object, "coredumps/1");
    EXPECT_TRUE(claim.is_here);
    EXPECT_FALSE(queue_.claim(kLease, ParseQueue::Objects::Too));
    EXPECT_TRUE(there.record_failure(claim, "why", 24h));
    EXPECT_EQ(queue_.bring_forward(60s, kLease), 1);
    EXPECT_TRUE(queue_.claim(kLease, ParseQueue::Objects::Too));
}

TEST_F(ParseQueueTest, FilesOfOldComeBeforeObjects) {
    NewCoredump dump{device_,
                     filename_at(1),
                     Chip::trusted("esp32"),
                     FirmwareVersion::trusted("1"),
                     1,
                     Timestamp(std::chrono::microseconds(1))};
    dump.object = "coredumps/1";
    const auto object = std::get<StoredCoredump>(Coredumps(database_).store(dump, {2})).id;
    const auto file = add_coredump(device_, 2);
    EXPECT_EQ(queue_.claim(kLease, ParseQueue::Objects::Too)->coredump_id, file);
    EXPECT_EQ(queue_.claim(kLease, ParseQueue::Objects::Too)->coredump_id, object);
    EXPECT_FALSE(queue_.claim(kLease, ParseQueue::Objects::Too));
}

TEST_F(ParseQueueTest, AnUploadSaysInWhichStoreItsFileIs) {
    database_.set_store(kHere);
    Coredumps(database_).store(
        {device_, filename_at(1), Chip::trusted("esp32"), FirmwareVersion::trusted("1"), 1,
         Timestamp(std::chrono::microseconds(1))},
        {1});
    EXPECT_EQ(sql_value("SELECT replace(store::text, '-', '') FROM coredumps"), kHere);
    Database unaware(database_url(Role::Writer), "test", Mode::ReadWrite);
    EXPECT_FALSE(ParseQueue(unaware).claim(kLease));
    EXPECT_TRUE(queue_.claim(kLease));
}

TEST_F(ParseQueueTest, OfEachOtherStoreAPageIsSeenOfWhatWaitsForLong) {
    for (int i = 1; i <= 250; ++i) add_coredump(device_, i);
    sql("UPDATE coredumps SET store = md5((id % 2)::text)::uuid, "
        "next_attempt_at = now() - interval '10 minutes'");
    sql("UPDATE coredumps SET store = '" + std::string(kHere) + "' WHERE id > 240");
    database_.set_store(kHere);
    EXPECT_EQ(queue_.waiting_elsewhere(1h).size(), 0U);
    const auto page = queue_.waiting_elsewhere(1min);
    EXPECT_EQ(page.size(), 200U);
    queue_.take_over({page[0].coredump_id, page[150].coredump_id});
    EXPECT_EQ(
        sql_value("SELECT count(*) FROM coredumps WHERE store = '" + std::string(kHere) + "'"),
        "12");
}

TEST_F(ParseQueueTest, WhoHasItIsWrittenDown) {
    add_coredump(device_, 1);
    queue_.claim(kLease);
    const auto lease = Coredumps(database_).find(device_, 1).value().lease.value();
    EXPECT_EQ(lease.holder, os::process_name());
    EXPECT_GT(lease.ends_at, now() + 50min);
    EXPECT_LT(lease.ends_at, now() + 70min);
}

TEST_F(ParseQueueTest, WhatWaitsForFirmwareSaysSinceWhen) {
    const auto id = add_coredump(device_, 1);
    sql("UPDATE device_models SET firmware_revision = 7");
    const auto claim = queue_.claim(kLease).value();
    EXPECT_EQ(claim.firmware_revision, 7);
    EXPECT_EQ(queue_.record_want(claim, "no bundle", "abc"), WantOutcome::Recorded);
    EXPECT_EQ(column(id, "parse_status"), "ERROR");
    EXPECT_EQ(column(id, "parsed_output"), "no bundle");
    EXPECT_EQ(column(id, "last_error"), "no bundle");
    EXPECT_EQ(column(id, "attempts"), "0");
    EXPECT_EQ(column(id, "awaits_firmware_since"), "7");
    EXPECT_EQ(column(id, "awaits_elf"), "abc");
    EXPECT_EQ(queue_.record_want(claim, "again", std::nullopt), WantOutcome::Lost);
}

TEST_F(ParseQueueTest, FirmwareThatArrivesDuringTheSearchIsNotMissed) {
    const auto id = add_coredump(device_, 1);
    const auto claim = queue_.claim(kLease).value();
    sql("UPDATE device_models SET firmware_revision = firmware_revision + 1");
    EXPECT_EQ(queue_.record_want(claim, "no bundle", std::nullopt), WantOutcome::Arrived);
    EXPECT_EQ(column(id, "parse_status"), "PENDING");
    EXPECT_EQ(column(id, "awaits_firmware_since"), "");
    EXPECT_EQ(queue_.claim(kLease).value().attempt, 1);
}

TEST_F(ParseQueueTest, FirmwareThatIsBeingUploadedIsWaitedFor) {
    const auto id = add_coredump(device_, 1);
    const auto claim = queue_.claim(kLease).value();
    std::optional<test::OpenTransaction> upload(
        "UPDATE device_models SET firmware_revision = firmware_revision + 1");
    std::thread ends_upload([&] {
        EXPECT_TRUE(test::eventually([] { return waiting_for_locks() == 1; }));
        upload->commit();
    });
    EXPECT_EQ(queue_.record_want(claim, "no bundle", std::nullopt), WantOutcome::Arrived);
    ends_upload.join();
    EXPECT_EQ(column(id, "parse_status"), "PENDING");
}

}  // namespace
}  // namespace coredepot::db
