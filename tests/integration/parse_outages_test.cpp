// A sidecar that is away, or that one core dump takes away: what it costs that dump, and the
// others.

#include "parse_runner_test.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::ParseRunnerTest;
using test::SidecarReply;

/// A sidecar that nobody is.
constexpr const char* kNobody = "http://127.0.0.1:1";

TEST_F(ParseRunnerTest, ARefusedConnectionIsAFailure) {
    const auto id = add_dump(1);
    for (const auto* attempt : {"1", "2", "3"}) {
        EXPECT_EQ(drain({.url = kNobody}), 1U);
        EXPECT_EQ(attempts(id), attempt);
    }
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_TRUE(output(id).starts_with(
        "Unable to parse coredump: the sidecar did not answer: Failed to connect"))
        << output(id);
}

TEST_F(ParseRunnerTest, ASidecarThatIsAwayCostsThoseThatFindOutOneAttempt) {
    for (int i = 1; i <= 5; ++i) add_dump(i);
    for (int run = 0; run < 10; ++run) drain({.pauses = {1h, 1h}, .at_once = 2, .url = kNobody});
    EXPECT_EQ(sql_value("SELECT sum(attempts) FROM coredumps"), "2");
    EXPECT_EQ(sql_value("SELECT failures FROM sidecar_outages"), "1");
    // Until it is time to ask again: with one, and then it is the longer pause's turn.
    sql("UPDATE sidecar_outages SET ask_next_at = now()");
    for (int run = 0; run < 10; ++run) drain({.pauses = {0s, 1h}, .at_once = 2, .url = kNobody});
    EXPECT_EQ(sql_value("SELECT sum(attempts) FROM coredumps"), "3");
    EXPECT_EQ(sql_value("SELECT max(attempts) FROM coredumps"), "1");
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING'"), "5");
    EXPECT_EQ(drain({.pauses = {0s, 1h}}), 3U) << "another sidecar's outage";  // two have a pause
}

TEST_F(ParseRunnerTest, ASidecarThatIsBackGetsItAll) {
    for (int i = 1; i <= 5; ++i) add_dump(i);
    sidecar_.will_answer({SidecarReply::with_status(502), SidecarReply::with_status(502)});
    EXPECT_EQ(drain(), 2U);  // two different dumps without an answer: it is away
    EXPECT_EQ(sql_value("SELECT failures FROM sidecar_outages"), "1");
    EXPECT_EQ(drain({.at_once = 2}), 5U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED'"), "5");
    EXPECT_EQ(sql_value("SELECT count(*) FROM sidecar_outages"), "0");
}

TEST_F(ParseRunnerTest, WhoseTurnItIsPassesItOnWhenThereIsNothingToAsk) {
    add_dump(1);
    drain({.url = kNobody});
    sql("DELETE FROM coredumps");
    EXPECT_EQ(drain({.url = kNobody}), 0U);
    add_dump(2);
    EXPECT_EQ(drain({.url = kNobody}), 1U);
}

TEST_F(ParseRunnerTest, ADumpThatKillsTheSidecarEndsInErrorAndBlocksNoOther) {
    const auto killer = add_dump(1, "1.0", "kills");
    for (int i = 2; i <= 6; ++i) add_dump(i);
    // As the gateway says it: each time it is asked about that dump.
    sidecar_.answer_with([&](const std::string& target) {
        return staged_core(target) == "kills" ? SidecarReply::with_status(502)
                                              : SidecarReply::output("x");
    });
    EXPECT_EQ(drain({.at_once = 2}), 8U);
    EXPECT_EQ(status(killer), "ERROR");
    EXPECT_EQ(output(killer), "Unable to parse coredump: the sidecar answered with status 502");
    EXPECT_EQ(attempts(killer), "3");
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED'"), "5");
}

TEST_F(ParseRunnerTest, OneAloneThatKillsTheSidecarEndsInErrorToo) {
    const auto killer = add_dump(1);
    const auto reply = SidecarReply::hang_up();
    sidecar_.will_answer({reply, reply, reply});
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(status(killer), "ERROR");
}

}  // namespace
}  // namespace coredepot
