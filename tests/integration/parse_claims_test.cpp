// A claim on a core dump: who holds it, and what becomes of it when the dump, the runner or the
// database goes away meanwhile.

#include <atomic>

#include "parse_runner_test.hpp"

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

TEST_F(ParseRunnerTest, ADumpThatKilledEveryRunnerEndsInError) {
    const auto id = add_dump(1);
    sql("UPDATE coredumps SET attempts = 3");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the runner died during every attempt");
    EXPECT_TRUE(sidecar_.targets().empty());
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
