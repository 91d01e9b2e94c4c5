// How a claim of the queue ends: results, errors, retries, and waiting for firmware.

#include <thread>

#include "db/coredumps.hpp"
#include "gzip.hpp"
#include "lost_claim.hpp"
#include "parse_queue_test.hpp"
#include "parse_result_json.hpp"
#include "support/stack.hpp"

namespace coredepot::db {
namespace {

using namespace std::chrono_literals;
using test::text_only;

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
