// Attempts that fail: which are made again, after what pause, and which are the last.

#include "parse_runner_test.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::ParseRunnerTest;
using test::SidecarReply;

TEST_F(ParseRunnerTest, FirstTryFailsSecondSucceeds) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::with_status(500), SidecarReply::output("x")});
    EXPECT_EQ(drain(), 2U);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(attempts(id), "2");
    EXPECT_EQ(column(id, "last_error"), "");
}

TEST_F(ParseRunnerTest, ThreeFailuresAreAnErrorWithTheLastOne) {
    const auto id = add_dump(1);
    sidecar_.will_answer(
        {SidecarReply::with_status(500), SidecarReply::hang_up(), SidecarReply::with_body("{}")});
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the sidecar's answer has no output");
    EXPECT_EQ(attempts(id), "3");
    EXPECT_EQ(column(id, "parsed_at"), "");
    EXPECT_EQ(sidecar_.targets().size(), 3U);
}

TEST_F(ParseRunnerTest, EachKindOfFailureIsTriedAgain) {
    const std::vector<std::pair<SidecarReply, std::string>> kinds{
        {SidecarReply::with_status(500), "the sidecar answered with status 500"},
        {SidecarReply::with_status(404), "the sidecar answered with status 404"},
        {SidecarReply::with_body("not json"), "the sidecar's answer is not a JSON object"},
        {SidecarReply::with_body("[]"), "the sidecar's answer is not a JSON object"},
        {SidecarReply::with_body("{}"), "the sidecar's answer has no output"},
        {SidecarReply::hang_up(), "the sidecar did not answer: Empty reply from server"}};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto id = add_dump(static_cast<std::int64_t>(i));
        sidecar_.will_answer({kinds[i].first});
        EXPECT_EQ(drain({.pauses = {1h, 1h}}), 1U);
        EXPECT_EQ(status(id), "PENDING");
        EXPECT_EQ(attempts(id), "1");
        EXPECT_EQ(column(id, "last_error"), kinds[i].second);
    }
}

TEST_F(ParseRunnerTest, ADiskThatFailsIsTriedAgain) {
    const auto id = add_dump(1);
    remove_all(xfer_.path());
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the disk failed: No such file or directory");
    EXPECT_EQ(attempts(id), "3");
}

TEST_F(ParseRunnerTest, AVerdictIsFinalAtOnce) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::rejection("checksum mismatch")});
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: checksum mismatch");
    EXPECT_EQ(attempts(id), "1");
}

TEST_F(ParseRunnerTest, ThePauseSurvivesTheProcess) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::with_status(500)});
    EXPECT_EQ(drain({.pauses = {1h, 1h}}), 1U);
    EXPECT_EQ(drain({.pauses = {1h, 1h}}), 0U);
    sql("UPDATE coredumps SET next_attempt_at = now()");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(attempts(id), "2");
}

TEST_F(ParseRunnerTest, ThePausesGrow) {
    const auto id = add_dump(1);
    const auto pause = [&] {
        return column(id, "round(extract(epoch FROM next_attempt_at - updated_at))");
    };
    sidecar_.will_answer({SidecarReply::with_status(500), SidecarReply::with_status(500)});
    drain({.pauses = {5s, 60s}});
    EXPECT_EQ(pause(), "5");
    sql("UPDATE coredumps SET next_attempt_at = now()");
    drain({.pauses = {5s, 60s}});
    EXPECT_EQ(pause(), "60");
}

}  // namespace
}  // namespace coredepot
