// Parsing end to end: a real database, real files, a real HTTP sidecar that does as it is told.

#include "parse_runner_test.hpp"

#include <atomic>
#include <set>

#include "os/storage_error.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::ParseRunnerTest;
using test::SidecarReply;
using Names = std::vector<std::string>;

TEST_F(ParseRunnerTest, AnEmptyQueueIsNoWork) {
    EXPECT_EQ(drain(), 0U);
    EXPECT_TRUE(sidecar_.targets().empty());
}

TEST_F(ParseRunnerTest, SuccessStoresOutputAndTime) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::output("#0 main\n")});
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(output(id), "#0 main\n");
    EXPECT_EQ(attempts(id), "1");
    EXPECT_EQ(column(id, "parsed_at IS NOT NULL"), "t");
    EXPECT_EQ(column(id, "lease"), "");
}

TEST_F(ParseRunnerTest, TheSidecarGetsExactlyCoreElfAndChip) {
    const auto id = add_dump(1, "1.0", "the dump's bytes");
    std::string lease;
    sidecar_.on_request([&](const std::string& target) {
        lease = column(id, "lease");
        EXPECT_EQ(staged_core(target), "the dump's bytes");
        EXPECT_EQ(staged_elf(target), "an ELF");
        EXPECT_EQ(staged_names().size(), 2U);
        for (const auto& name : staged_names()) EXPECT_EQ(test::mode_of(xfer_ / name), 0640U);
    });
    drain();
    const auto stem = std::to_string(id) + '-' + lease;
    EXPECT_EQ(sidecar_.targets(),
              Names{"/parse-coredump?core=" + stem + ".dmp&elf=" + stem + ".elf&chip=esp32c3"});
}

TEST_F(ParseRunnerTest, OldestFirstUntilNothingIsDue) {
    Names order;
    sidecar_.on_request([&](const std::string& target) { order.push_back(staged_core(target)); });
    add_dump(3, "1.0", "third");
    add_dump(1, "1.0", "first");
    add_dump(2, "1.0", "second");
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(order, (Names{"first", "second", "third"}));
}

TEST_F(ParseRunnerTest, SeveralAreParsedAtOnceAndNoMoreThanThat) {
    for (int i = 1; i <= 6; ++i) add_dump(i, "1.0", std::to_string(i));
    std::atomic<bool> stop = false;
    std::set<std::string> slow;
    sidecar_.answer_with([&](const std::string& target) {
        slow.insert(staged_core(target));
        EXPECT_LE(staged_names().size(), 2U * 3);
        // All that it may: then nobody gets an answer until it is told to stop.
        if (slow.size() == 3) stop = true;
        return SidecarReply::silence();
    });
    EXPECT_EQ(drain({.stopping = [&] { return stop.load(); }, .at_once = 3}), 3U);
    EXPECT_EQ(slow, (std::set<std::string>{"1", "2", "3"}));
    sidecar_.answer_with(nullptr);
    EXPECT_EQ(drain({.at_once = 3}), 6U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED' AND "
                        "attempts = 1"),
              "6");
}

TEST_F(ParseRunnerTest, OneThatIsSlowHoldsUpNoOther) {
    const auto slow = add_dump(1, "1.0", "slow");
    for (int i = 2; i <= 5; ++i) add_dump(i);
    sidecar_.answer_with([&](const std::string& target) {
        return staged_core(target) == "slow" ? SidecarReply::silence() : SidecarReply::output("x");
    });
    const auto others_are_done = [&] {
        return sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED'") == "4";
    };
    EXPECT_EQ(drain({.stopping = others_are_done, .at_once = 2}), 5U);
    EXPECT_EQ(status(slow), "PENDING");
    EXPECT_EQ(attempts(slow), "0");
}

constexpr const char* kHere = "0123456789abcdef0123456789abcdef";
constexpr const char* kThere = "fedcba9876543210fedcba9876543210";

TEST_F(ParseRunnerTest, ADumpWhoseFileIsGone) {
    const auto id = add_coredump(device_, 1);
    sql("UPDATE coredumps SET store = '" + std::string(kHere) + "'");
    EXPECT_EQ(drain({.store = kHere}), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the core dump's file is gone");
    EXPECT_EQ(attempts(id), "0");
}

// Of a host with a folder of its own the wrong runner once had the only try.
TEST_F(ParseRunnerTest, ADumpWhoseFileMayBeElsewhereIsTriedAgain) {
    const auto id = add_coredump(device_, 1);
    EXPECT_EQ(drain({.pauses = {1min, 1min}, .store = kHere}), 1U);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(column(id, "last_error"), "the core dump's file is gone");
    sql("UPDATE coredumps SET next_attempt_at = now()");
    EXPECT_EQ(drain({.store = kHere}), 2U);  // the second and the third attempt
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the core dump's file is gone");
}

TEST_F(ParseRunnerTest, ADumpOfAnotherStoreWaitsForItsHost) {
    const auto id = add_coredump(device_, 1);
    sql("UPDATE coredumps SET next_attempt_at = now() - interval '1 hour', store = '" +
        std::string(kThere) + "'");
    EXPECT_EQ(drain({.store = kHere}), 0U);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(attempts(id), "0");
}

TEST_F(ParseRunnerTest, DumpsThatCameHereFromAnotherStoreAreParsedHere) {
    add_bundle("1.0");
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 120; ++i) ids.push_back(add_dump(i));
    const auto stays = add_coredump(device_, 200);
    sql("UPDATE coredumps SET next_attempt_at = now() - interval '1 hour', store = '" +
        std::string(kThere) + "'");
    EXPECT_EQ(drain({.store = kHere}), ids.size());
    for (const auto id : ids) EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(status(stays), "PENDING");
}

// As where a file system is not mounted: the whole queue must not end in ERROR for that.
TEST_F(ParseRunnerTest, AFolderThatIsNotThereIsNoCoreDumpsFault) {
    const std::vector ids{add_dump(1), add_dump(2)};
    add_bundle("1.0");
    for (const auto& folder : {dumps_.path(), assets_.path()}) {
        const auto elsewhere = folder.string() + "-elsewhere";
        std::filesystem::rename(folder, elsewhere);
        EXPECT_THROW(drain(), os::FolderGone) << folder;
        for (const auto id : ids) {
            EXPECT_EQ(status(id), "PENDING");
            EXPECT_EQ(attempts(id), "0");
            EXPECT_EQ(column(id, "lease"), "");
        }
        std::filesystem::rename(elsewhere, folder);
    }
    EXPECT_EQ(drain(), 2U);
    for (const auto id : ids) EXPECT_EQ(status(id), "PARSED");
}

TEST_F(ParseRunnerTest, EachOutcomeIsCounted) {
    using metrics::Outcome;
    using metrics::ParseOutcome;
    const auto ended = [&](Outcome outcome) {
        return counters_.durations(*metrics::operation_index("coredump_parse"), outcome).count();
    };
    add_dump(1);
    drain();
    EXPECT_EQ(counters_.parses(ParseOutcome::Parsed), 1U);
    EXPECT_EQ(ended(Outcome::Success), 1U);

    add_dump(2);
    const auto failure = SidecarReply::with_status(500);
    sidecar_.will_answer({failure, failure, failure});
    drain();
    EXPECT_EQ(counters_.parses(ParseOutcome::Retry), 2U);
    EXPECT_EQ(counters_.parses(ParseOutcome::Error), 1U);

    add_dump(3, "no such version");
    drain();
    EXPECT_EQ(counters_.parses(ParseOutcome::Error), 2U);
    EXPECT_EQ(ended(Outcome::Error), 4U);

    const auto deleted = add_dump(4);
    sidecar_.on_request([&](const std::string& /*target*/) {
        sql("DELETE FROM coredumps WHERE id = " + std::to_string(deleted));
    });
    drain();
    EXPECT_EQ(counters_.parses(ParseOutcome::Dropped), 1U);
    EXPECT_EQ(ended(Outcome::Success), 2U);

    add_dump(5);
    std::atomic<bool> stop = false;
    sidecar_.on_request([&](const std::string& /*target*/) { stop = true; });
    sidecar_.will_answer({SidecarReply::silence()});
    drain({.pauses = {1h, 1h}, .stopping = [&] { return stop.load(); }});
    EXPECT_EQ(counters_.parses(ParseOutcome::Released), 1U);
    EXPECT_EQ(ended(Outcome::Success) + ended(Outcome::Error), 6U);
}

}  // namespace
}  // namespace coredepot
