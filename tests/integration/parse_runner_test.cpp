// Parsing end to end: a real database, real files, a real HTTP sidecar that does as it is told.

#include <atomic>
#include <mutex>
#include <set>

#include <sys/stat.h>

#include "db/requeue.hpp"
#include "parse_bench.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"
#include "support/parallel.hpp"

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using test::SidecarReply;
using Names = std::vector<std::string>;

std::uintmax_t inode_of(const std::filesystem::path& path) {
    struct stat stat {};
    if (::stat(path.c_str(), &stat) != 0) throw std::runtime_error("no " + path.string());
    return stat.st_ino;
}

class ParseRunnerTest : public test::ParseBench {
  protected:
    ParseRunnerTest() { add_bundle("1.0"); }
    void TearDown() override { EXPECT_EQ(staged_names(), Names{}) << "not cleaned"; }
};

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
        EXPECT_EQ(drain({1h, 1h}), 1U);
        EXPECT_EQ(status(id), "PENDING");
        EXPECT_EQ(attempts(id), "1");
        EXPECT_EQ(column(id, "last_error"), kinds[i].second);
    }
}

TEST_F(ParseRunnerTest, ThePauseSurvivesTheProcess) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::with_status(500)});
    EXPECT_EQ(drain({1h, 1h}), 1U);
    EXPECT_EQ(drain({0s, 0s}), 0U);
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
    drain({5s, 60s});
    EXPECT_EQ(pause(), "5");
    sql("UPDATE coredumps SET next_attempt_at = now()");
    drain({5s, 60s});
    EXPECT_EQ(pause(), "60");
}

/// A sidecar that nobody is.
constexpr const char* kNobody = "http://127.0.0.1:1";

TEST_F(ParseRunnerTest, ARefusedConnectionIsAFailure) {
    const auto id = add_dump(1);
    for (const auto* attempt : {"1", "2", "3"}) {
        EXPECT_EQ(drain(
                      {0s, 0s}, [] { return false; }, 1, kNobody),
                  1U);
        EXPECT_EQ(attempts(id), attempt);
    }
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_TRUE(output(id).starts_with(
        "Unable to parse coredump: the sidecar did not answer: Failed to connect"))
        << output(id);
}

TEST_F(ParseRunnerTest, ASidecarThatIsAwayCostsThoseThatFindOutOneAttempt) {
    for (int i = 1; i <= 5; ++i) add_dump(i);
    for (int run = 0; run < 10; ++run)
        drain(
            {1h, 1h}, [] { return false; }, 2, kNobody);
    EXPECT_EQ(sql_value("SELECT sum(attempts) FROM coredumps"), "2");
    EXPECT_EQ(sql_value("SELECT failures FROM sidecar_outages"), "1");
    // Until it is time to ask again: with one, and then it is the longer pause's turn.
    sql("UPDATE sidecar_outages SET ask_next_at = now()");
    for (int run = 0; run < 10; ++run)
        drain(
            {0s, 1h}, [] { return false; }, 2, kNobody);
    EXPECT_EQ(sql_value("SELECT sum(attempts) FROM coredumps"), "3");
    EXPECT_EQ(sql_value("SELECT max(attempts) FROM coredumps"), "1");
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PENDING'"), "5");
    EXPECT_EQ(drain(), 3U) << "another sidecar's outage";  // two have a pause
}

TEST_F(ParseRunnerTest, ASidecarThatIsBackGetsItAll) {
    for (int i = 1; i <= 5; ++i) add_dump(i);
    sidecar_.will_answer({SidecarReply::with_status(502), SidecarReply::with_status(502)});
    EXPECT_EQ(drain(), 2U);  // two different dumps without an answer: it is away
    EXPECT_EQ(sql_value("SELECT failures FROM sidecar_outages"), "1");
    EXPECT_EQ(drain(
                  {0s, 0s}, [] { return false; }, 2),
              5U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED'"), "5");
    EXPECT_EQ(sql_value("SELECT count(*) FROM sidecar_outages"), "0");
}

TEST_F(ParseRunnerTest, WhoseTurnItIsPassesItOnWhenThereIsNothingToAsk) {
    add_dump(1);
    drain(
        {0s, 0s}, [] { return false; }, 1, kNobody);
    sql("DELETE FROM coredumps");
    EXPECT_EQ(drain(
                  {0s, 0s}, [] { return false; }, 1, kNobody),
              0U);
    add_dump(2);
    EXPECT_EQ(drain(
                  {0s, 0s}, [] { return false; }, 1, kNobody),
              1U);
}

TEST_F(ParseRunnerTest, ADumpThatKillsTheSidecarEndsInErrorAndBlocksNoOther) {
    const auto killer = add_dump(1, "1.0", "kills");
    for (int i = 2; i <= 6; ++i) add_dump(i);
    // As the gateway says it: each time it is asked about that dump.
    sidecar_.answer_with([&](const std::string& target) {
        return staged_core(target) == "kills" ? SidecarReply::with_status(502)
                                              : SidecarReply::output("x");
    });
    EXPECT_EQ(drain(
                  {0s, 0s}, [] { return false; }, 2),
              8U);
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
    EXPECT_EQ(drain(
                  {0s, 0s}, [&] { return stop.load(); }, 3),
              3U);
    EXPECT_EQ(slow, (std::set<std::string>{"1", "2", "3"}));
    sidecar_.answer_with(nullptr);
    EXPECT_EQ(drain(
                  {0s, 0s}, [] { return false; }, 3),
              6U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED' AND "
                        "attempts = 1"),
              "6");
}

TEST_F(ParseRunnerTest, OneThatIsSlowHoldsUpNoOther) {
    const auto slow = add_dump(1, "1.0", "slow");
    for (int i = 2; i <= 5; ++i) add_dump(i);
    std::atomic<bool> stop = false;
    sidecar_.answer_with([&](const std::string& target) {
        return staged_core(target) == "slow" ? SidecarReply::silence() : SidecarReply::output("x");
    });
    const auto others_are_done = [&] {
        return sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED'") == "4";
    };
    EXPECT_EQ(drain({0s, 0s}, others_are_done, 2), 5U);
    EXPECT_EQ(status(slow), "PENDING");
    EXPECT_EQ(attempts(slow), "0");
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

TEST_F(ParseRunnerTest, AVerdictIsFinalAtOnce) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::rejection("checksum mismatch")});
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: checksum mismatch");
    EXPECT_EQ(attempts(id), "1");
}

TEST_F(ParseRunnerTest, WithoutABundleItIsAnErrorAtOnce) {
    const auto id = add_dump(1, "9.9");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: firmware ZIP not found for a version 9.9");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_TRUE(sidecar_.targets().empty());
}

TEST_F(ParseRunnerTest, ACorruptBundleIsAnErrorAtOnce) {
    const auto whole = test::zip(test::bundle_entries("a", "2.0", std::string(5000, 'x')));
    for (const auto& bytes : {std::string(), std::string("not a zip"), whole.substr(0, 300)}) {
        put_bundle("2.0", bytes);
        const auto id = add_dump(static_cast<std::int64_t>(bytes.size()) + 1, "2.0");
        EXPECT_EQ(drain(), 1U);
        EXPECT_EQ(status(id), "ERROR");
        EXPECT_TRUE(
            output(id).starts_with("Unable to parse coredump: firmware ZIP for a version "
                                   "2.0"))
            << output(id);
        EXPECT_EQ(attempts(id), "0");
    }
    EXPECT_TRUE(sidecar_.targets().empty());
}

TEST_F(ParseRunnerTest, ADamagedElfIsAnErrorAtOnce) {
    // Stored, not packed, so that the bytes can be found; the checksum no longer fits.
    auto bytes = test::zip({{"a.elf", "0123456789"}});
    const auto at = bytes.find("0123456789");
    ASSERT_NE(at, std::string::npos);
    bytes[at] = 'x';
    put_bundle("2.0", bytes);
    const auto id = add_dump(1, "2.0");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(output(id),
              "Unable to parse coredump: firmware ZIP for a version 2.0: a.elf is damaged");
    EXPECT_EQ(attempts(id), "0");
}

TEST_F(ParseRunnerTest, ABundleWithoutTheElf) {
    put_bundle("2.0", test::zip(test::without(test::bundle_entries("a", "2.0"), "a.elf")));
    const auto id = add_dump(1, "2.0");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(output(id),
              "Unable to parse coredump: firmware ZIP for a version 2.0: it has no a.elf");
    EXPECT_EQ(attempts(id), "0");
}

TEST_F(ParseRunnerTest, ADumpWhoseFileIsGone) {
    const auto id = add_coredump(device_, 1);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the core dump's file is gone");
    EXPECT_EQ(attempts(id), "0");
}

TEST_F(ParseRunnerTest, TwoVersionsOfOneModelAtOnce) {
    add_bundle("2.0", "another ELF");
    std::map<std::string, std::string> elf_of_core;
    sidecar_.on_request(
        [&](const std::string& target) { elf_of_core[staged_core(target)] = staged_elf(target); });
    add_dump(1, "1.0", "one");
    add_dump(2, "2.0", "two");
    add_dump(3, "1.0", "three");
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(elf_of_core, (std::map<std::string, std::string>{
                               {"one", "an ELF"}, {"two", "another ELF"}, {"three", "an ELF"}}));
}

TEST_F(ParseRunnerTest, AnElfIsUnpackedOnceAndLinkedForEachDump) {
    std::set<std::uintmax_t> inodes;
    sidecar_.on_request([&](const std::string& target) {
        inodes.insert(inode_of(xfer_ / test::target_parameter(target, "elf")));
    });
    for (const int at : {1, 2}) add_dump(at);
    EXPECT_EQ(drain(), 2U);
    add_dump(3);
    EXPECT_EQ(drain(), 1U);  // another runner
    EXPECT_EQ(inodes.size(), 1U);
}

TEST_F(ParseRunnerTest, ABundleThatWasReplacedGivesItsOwnElf) {
    Names elves;
    sidecar_.on_request([&](const std::string& target) { elves.push_back(staged_elf(target)); });
    add_dump(1);
    drain();
    add_bundle("1.0", "a newer ELF");
    add_dump(2);
    drain();
    EXPECT_EQ(elves, (Names{"an ELF", "a newer ELF"}));
}

TEST_F(ParseRunnerTest, TwoRunnersAtOnceUnpackOneElf) {
    std::mutex mutex;
    Names elves;
    sidecar_.on_request([&](const std::string& target) {
        const std::lock_guard lock(mutex);
        elves.push_back(staged_elf(target));
    });
    for (int at = 1; at <= 10; ++at) add_dump(at);
    test::in_parallel(3, [&](std::size_t /*runner*/) { drain(); });
    EXPECT_EQ(elves, Names(10, "an ELF"));
    EXPECT_EQ(test::names_in(xfer_ / ".elf-cache").size(), 2U);  // it, and the link to it
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

TEST_F(ParseRunnerTest, LeftoversOfDeadClaimsGo) {
    const auto id = add_dump(1);
    const auto dead = std::to_string(id) + "-dead";
    test::write_file(xfer_ / (dead + ".dmp"), "x");
    test::write_file(xfer_ / (dead + ".elf"), "x");
    test::write_file(xfer_ / "999-old.dmp", "x");
    last_write_time(xfer_ / "999-old.dmp", std::filesystem::file_time_type::clock::now() - 1h);
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
    EXPECT_EQ(drain({0s, 0s}, [&] { return stop.load(); }), 1U);
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
    EXPECT_EQ(drain({1h, 1h}, [&] { return stop.load(); }), 1U);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_EQ(column(id, "lease"), "");
    EXPECT_EQ(column(id, "next_attempt_at <= now()"), "t");
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(ParseRunnerTest, ADiskThatFailsIsTriedAgain) {
    const auto id = add_dump(1);
    remove_all(xfer_.path());
    EXPECT_EQ(drain(), 3U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id), "Unable to parse coredump: the disk failed: No such file or directory");
    EXPECT_EQ(attempts(id), "3");
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
    drain({1h, 1h}, [&] { return stop.load(); });
    EXPECT_EQ(counters_.parses(ParseOutcome::Released), 1U);
    EXPECT_EQ(ended(Outcome::Success) + ended(Outcome::Error), 6U);
}

/// Dumps that say which ELF they were made by.
class OwnElf : public test::ParseBench {
  protected:
    OwnElf() {
        sql("TRUNCATE device_models CASCADE");
        model_code_ = "thermostat";
        model_ = add_model(model_code_);
        device_ = add_device(model_, kKey);
    }

    const std::string dump_ = test::thermostat_file("coredump.bin");
    const std::string elf_ = test::thermostat_file("thermostat.elf");
};

TEST_F(OwnElf, TheBundleOfItsVersionWhenThatIsIt) {
    add_bundle("1.4.2", elf_);
    const auto id = add_dump(1, "1.4.2", dump_);
    sidecar_.on_request([&](const std::string& target) {
        EXPECT_EQ(staged_core(target), dump_);
        EXPECT_EQ(staged_elf(target), elf_);
    });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, TheOneBundleThatHasItWhateverTheDeviceSays) {
    add_bundle("1.4.2", elf_);
    add_bundle("1.5.0", "a newer ELF");
    const auto id = add_dump(1, "1.5.0", dump_);
    sidecar_.on_request([&](const std::string& target) { EXPECT_EQ(staged_elf(target), elf_); });
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, NoneIsAnErrorThatNamesBoth) {
    add_bundle("1.5.0", "a newer ELF");
    const auto id = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(attempts(id), "0");
    EXPECT_TRUE(sidecar_.targets().empty());
    const auto text = output(id);
    EXPECT_TRUE(text.starts_with("Unable to parse coredump: ")) << text;
    EXPECT_NE(text.find(sha256_hex(elf_).substr(0, 9)), std::string::npos) << text;
    EXPECT_NE(text.find(sha256_hex("a newer ELF")), std::string::npos) << text;
}

TEST_F(OwnElf, WhatWaitsForAnElfIsParsedWhenAnyBundleBringsIt) {
    add_bundle("1.5.0", "a newer ELF");
    const auto id = add_dump(1, "1.5.0", dump_);
    drain();
    EXPECT_EQ(status(id), "ERROR");
    add_bundle("1.4.2", elf_);
    db::Database database(test::database_url(test::Role::Writer), "test", db::Mode::ReadWrite);
    EXPECT_EQ(db::Requeue(database).whose_firmware_arrived(model_), 1);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(OwnElf, OfAnotherModelDoesNotCount) {
    add_bundle("1.5.0", "a newer ELF");
    const auto other = add_model("other");
    sql("INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256) VALUES "
        "(" +
        std::to_string(other) + ", '1.4.2', '" + sha256_hex(elf_) + "', '" + sha256_hex(elf_) +
        "')");
    const auto id = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(id), "ERROR");
}

TEST_F(OwnElf, ARowWhoseBundleIsGoneOrReplacedDoesNotCount) {
    add_bundle("1.4.2", elf_);
    add_bundle("1.5.0", "a newer ELF");
    put_bundle("1.4.2", test::zip(test::bundle_entries("thermostat", "1.4.2", "replaced")));
    const auto replaced = add_dump(1, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(replaced), "ERROR");
    put_bundle("1.4.2", "damaged");
    const auto damaged = add_dump(2, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(damaged), "ERROR");
    remove(assets_ / "thermostat/firmware-1.4.2.zip");
    const auto gone = add_dump(3, "1.5.0", dump_);
    EXPECT_EQ(drain(), 1U);
    EXPECT_EQ(status(gone), "ERROR");
}

}  // namespace
}  // namespace coredepot
