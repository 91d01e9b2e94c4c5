// A claim on a core dump: who holds it, and what becomes of it when the dump, the runner or the
// database goes away meanwhile.

#include <algorithm>
#include <atomic>

#include "parse_runner_test.hpp"
#include "support/stack.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::ParseRunnerTest;
using test::SidecarReply;

TEST_F(ParseRunnerTest, AResultIsRecordedOnlyByWhoHoldsTheLease) {
    const auto id = add_dump(1);
    for (const auto& reply : {SidecarReply::output("late"), SidecarReply::rejection("late"),
                              SidecarReply::with_status(500)}) {
        sql("UPDATE coredumps SET lease = NULL, next_attempt_at = now(), attempts = 0");
        sidecar_.on_request([&](const std::string& /*target*/) {
            sql("UPDATE coredumps SET lease = gen_random_uuid(), attempts = 2, "
                "next_attempt_at = now() + interval '1 hour'");
        });
        sidecar_.will_answer({reply});
        EXPECT_EQ(drain(), 1U);
        EXPECT_EQ(status(id), "PENDING");
        EXPECT_EQ(attempts(id), "2");
        EXPECT_EQ(column(id, "last_error"), "");
        EXPECT_NE(column(id, "lease"), "");
    }
}

TEST_F(ParseRunnerTest, OneThatIsPutBackMeanwhileIsParsedAnewAndNothingElseIsRecorded) {
    const auto id = add_dump(1);
    bool put_back = false;
    sidecar_.on_request([&](const std::string& /*target*/) {
        if (put_back) return;
        put_back = true;
        sql("SELECT requeue_coredumps(ARRAY[1])");
    });
    sidecar_.will_answer({SidecarReply::output("old"), SidecarReply::output("new")});
    EXPECT_EQ(drain(), 2U);
    EXPECT_EQ(output(id), "new");
    EXPECT_EQ(attempts(id), "1");
    EXPECT_EQ(counters_.parses(metrics::ParseOutcome::Dropped), 1U);
}

TEST_F(ParseRunnerTest, ADumpThatIsDeletedMeanwhileIsNoError) {
    const auto deleted = add_dump(1);
    const auto next = add_dump(2);
    sidecar_.on_request([&](const std::string& /*target*/) {
        sql("DELETE FROM coredumps WHERE id = " + std::to_string(deleted));
    });
    for (const auto& reply : {SidecarReply::output("x")}) sidecar_.will_answer({reply});
    EXPECT_EQ(drain(), 2U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "1");
    EXPECT_EQ(status(next), "PARSED");
}

TEST_F(ParseRunnerTest, ADumpThatIsDeletedWhileTheSidecarFailsIsNoErrorEither) {
    sidecar_.on_request([](const std::string& /*target*/) { sql("DELETE FROM coredumps"); });
    for (const auto& reply :
         {SidecarReply::with_status(500), SidecarReply::rejection("x"), SidecarReply::hang_up()}) {
        add_dump(1);
        sidecar_.will_answer({reply});
        EXPECT_EQ(drain(), 1U);
    }
}

TEST_F(ParseRunnerTest, LeftoversOfDeadClaimsGo) {
    const auto id = add_dump(1);
    const auto dead = std::to_string(id) + "-dead";
    test::write_file(xfer_ / (dead + ".dmp"), "x");
    test::write_file(xfer_ / (dead + ".elf"), "x");
    test::write_file(xfer_ / "999-old.dmp", "x");
    test::backdate(xfer_ / "999-old.dmp", 1h);
    sidecar_.on_request(
        [&](const std::string& /*target*/) { EXPECT_EQ(staged_names().size(), 2U); });
    EXPECT_EQ(drain(), 1U);
}

TEST_F(ParseRunnerTest, ADumpThatKilledEveryRunnerThatParsedItAloneEndsInError) {
    const auto id = add_dump(1);
    sql("UPDATE coredumps SET suspicion = 6");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id),
              "Unable to parse coredump: each of 5 runners that parsed this core dump alone died");
    EXPECT_TRUE(sidecar_.targets().empty());
}

TEST_F(ParseRunnerTest, ASuspectIsParsedAloneAndBlocksNoOther) {
    for (int i = 1; i <= 9; ++i) add_dump(i, "1.0", std::to_string(i));
    sql("UPDATE coredumps SET suspicion = 1 WHERE id IN (1, 5, 6)");
    const std::vector<std::string> suspects = {"1", "5", "6"};
    std::vector<std::string> alone;
    sidecar_.on_request([&](const std::string& target) {
        const auto core = staged_core(target);
        const bool is_suspect = std::ranges::find(suspects, core) != suspects.end();
        EXPECT_EQ(
            sql_value("SELECT count(*) FROM coredumps WHERE lease IS NOT NULL AND leased_alone"),
            is_suspect ? "1" : "0")
            << core;
        if (!is_suspect) return;
        alone.push_back(core);
        EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE lease IS NOT NULL"), "1") << core;
    });
    EXPECT_EQ(drain({.at_once = 3}), 9U);
    EXPECT_EQ(alone, suspects);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED'"), "9");
}

TEST_F(ParseRunnerTest, WhenItIsToStopItReleasesTheSuspectThatWaitsForItsTurn) {
    add_dump(1);
    const auto suspect = add_dump(2);
    sql("UPDATE coredumps SET suspicion = 1 WHERE id = 2");
    std::atomic<bool> stop = false;
    sidecar_.on_request([&](const std::string& /*target*/) {
        EXPECT_TRUE(test::eventually([&] { return column(suspect, "lease") != ""; }));
        stop = true;
    });
    sidecar_.will_answer({SidecarReply::silence()});
    EXPECT_EQ(drain({.stopping = [&] { return stop.load(); }, .at_once = 2}), 2U);
    EXPECT_EQ(column(suspect, "lease"), "");
    EXPECT_EQ(column(suspect, "suspicion"), "1");
    EXPECT_EQ(attempts(suspect), "0");
}

// As a clock leaves it that was ahead by a day, while the sidecar was away.
TEST_F(ParseRunnerTest, WhatIsDueTomorrowIsParsedToday) {
    const auto id = add_dump(1);
    EXPECT_EQ(drain({.pauses = {1s, 60s}, .url = "http://127.0.0.1:1"}), 1U);
    sql("UPDATE coredumps SET next_attempt_at = next_attempt_at + interval '1 day'");
    sql("UPDATE sidecar_outages SET ask_next_at = ask_next_at + interval '1 day'");
    EXPECT_EQ(drain({.pauses = {1s, 60s}, .url = "http://127.0.0.1:1"}), 1U) << "asked again";
    EXPECT_EQ(attempts(id), "2");
    sql("UPDATE coredumps SET next_attempt_at = next_attempt_at + interval '1 day'");
    EXPECT_EQ(drain({.pauses = {1s, 60s}}), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(ParseRunnerTest, WhenItIsToStopItTakesNoMore) {
    const auto first = add_dump(1);
    const auto second = add_dump(2);
    std::atomic<bool> stop = false;
    sidecar_.on_request([&](const std::string& /*target*/) { stop = true; });
    EXPECT_EQ(drain({.stopping = [&] { return stop.load(); }}), 1U);
    EXPECT_EQ(attempts(second), "0");
    EXPECT_EQ(column(second, "lease"), "");
    // It may have been told before or after the answer came.
    EXPECT_EQ(column(first, "lease"), "");
}

TEST_F(ParseRunnerTest, WhenItHasEnoughItEndsWhatItHasBegunAndTakesNoMore) {
    const auto first = add_dump(1);
    const auto second = add_dump(2);
    std::atomic<bool> enough = false;
    sidecar_.on_request([&](const std::string& /*target*/) { enough = true; });
    EXPECT_EQ(drain({.enough = [&] { return enough.load(); }}), 1U);
    EXPECT_EQ(status(first), "PARSED");
    EXPECT_EQ(status(second), "PENDING");
    EXPECT_EQ(attempts(second), "0");
}

TEST_F(ParseRunnerTest, WhenItIsToStopItReleasesItsClaim) {
    const auto id = add_dump(1);
    std::atomic<bool> stop = false;
    sidecar_.on_request([&](const std::string& /*target*/) { stop = true; });
    sidecar_.will_answer({SidecarReply::silence()});
    EXPECT_EQ(drain({.pauses = {1h, 1h}, .stopping = [&] { return stop.load(); }}), 1U);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_EQ(column(id, "lease"), "");
    EXPECT_EQ(column(id, "next_attempt_at <= now()"), "t");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(ParseRunnerTest, ADatabaseThatGoesAwayEndsTheRunAndTheClaimIsTakenUpLater) {
    const auto id = add_dump(1);
    sidecar_.on_request([](const std::string& /*target*/) {
        sql("ALTER ROLE coredepot_writer NOLOGIN");
        terminate_connections(test::Role::Writer);
    });
    EXPECT_THROW(drain(), db::Unavailable);
    sql("ALTER ROLE coredepot_writer LOGIN");
    sidecar_.on_request(nullptr);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(drain(), 0U);  // still leased
    sql("UPDATE coredumps SET next_attempt_at = now()");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(ParseRunnerTest, AConnectionThatIsLostDuringTheAnswerIsReplaced) {
    const auto id = add_dump(1);
    sidecar_.on_request(
        [](const std::string& /*target*/) { terminate_connections(test::Role::Writer); });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(attempts(id), "1");
}

}  // namespace
}  // namespace coredepot
