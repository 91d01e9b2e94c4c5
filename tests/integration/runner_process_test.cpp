// parse_runner as it is started in production: a process, of which there may be several, and which
// may be killed at any moment.

#include "support/runner_process.hpp"

#include <atomic>
#include <csignal>
#include <map>

#include "os/host.hpp"
#include "parse_bench.hpp"
#include "storage/disk_layout.hpp"
#include "support/disk.hpp"
#include "support/stack.hpp"

namespace coredepot {
namespace {

using test::RunnerProcess;
using test::SidecarReply;
using Variables = RunnerProcess::Variables;
using Names = std::vector<std::string>;

class RunnerProcessTest : public test::ParseBench {
  protected:
    RunnerProcessTest() { add_bundle("1.0"); }

    Variables variables() const {
        return {{"DATABASE_URL", test::database_url(test::Role::Writer)},
                {"COREDUMPS_DIR", dumps_.path()},
                {"ASSETS_DIR", assets_.path()},
                {"PARSE_SIDECAR_URL", sidecar_.url()},
                {"PARSE_SIDECAR_XFER_DIR", xfer_.path()},
                {"PARSE_RETRY_SECONDS", "0,0"},
                {"OIDC_ENABLED", "false"}};
    }
    Variables without(const std::string& name) const {
        auto settings = variables();
        settings[name] = "";
        return settings;
    }

    /// Runs until the sidecar was asked so many times; then its leases run out.
    void kill_one_that_has_asked(std::size_t count) const {
        RunnerProcess killed(variables());
        await_requests(count);
        killed.signal(SIGKILL);
        killed.wait();
        EXPECT_EQ(sidecar_.targets().size(), count);
        sql("UPDATE coredumps SET next_attempt_at = now() "
            "WHERE lease IS NOT NULL AND next_attempt_at > now()");
    }

    /// Until the sidecar was asked so many times.
    void await_requests(std::size_t count) const {
        ASSERT_TRUE(test::eventually([&] { return sidecar_.targets().size() >= count; }));
    }
};

TEST_F(RunnerProcessTest, DrainsTheQueueAndExits) {
    const auto id = add_dump(1);
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(output(id), "a backtrace");
    EXPECT_EQ(staged_names(), Names{});
}

TEST_F(RunnerProcessTest, WithNothingToDoItExits) {
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
}

TEST_F(RunnerProcessTest, WhatIsAnnouncedWhileItWorksItLooksAfterItself) {
    const auto announced = dumps_ / storage::layout::kParseWanted;
    sidecar_.on_request([&](const std::string&) { test::write_file(announced, ""); });
    add_dump(1);
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_FALSE(std::filesystem::exists(announced));
}

// As when another host has taken it in, whose path unit is not this one's.
TEST_F(RunnerProcessTest, ThatWatchesParsesWhatNobodyAnnounced) {
    auto settings = variables();
    settings["PARSE_WATCH"] = "true";
    RunnerProcess watching(settings);
    for (int i = 0; i < 3; ++i) {
        const auto id = add_dump(i);
        EXPECT_TRUE(test::eventually([&] { return status(id) == "PARSED"; }));
    }
    watching.signal(SIGTERM);
    EXPECT_EQ(watching.wait(), 0);
}

TEST_F(RunnerProcessTest, RefusesToWorkUnderAnotherMachinesHostName) {
    if (!os::machine_id()) GTEST_SKIP() << "this machine has no /etc/machine-id";
    const auto id = add_dump(1);
    sql("INSERT INTO hosts VALUES ('" + os::host_name() + "', 'another machine', now())");
    EXPECT_EQ(RunnerProcess(variables()).wait(), 1);
    EXPECT_EQ(status(id), "PENDING");
    sql("UPDATE hosts SET seen_at = now() - interval '6 minutes'");
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(sql_value("SELECT count(*) FROM hosts WHERE machine <> 'another machine'"), "1");
}

TEST_F(RunnerProcessTest, ABadConfigurationIsExitCodeOne) {
    EXPECT_EQ(RunnerProcess(without("DATABASE_URL")).wait(), 1);
}

TEST_F(RunnerProcessTest, WithoutASidecarDumpsStayPendingUntilThereIsOne) {
    const auto id = add_dump(1);
    for (const auto* name : {"PARSE_SIDECAR_URL", "PARSE_SIDECAR_XFER_DIR"}) {
        EXPECT_EQ(RunnerProcess(without(name)).wait(), 0);
        EXPECT_EQ(status(id), "PENDING");
        EXPECT_EQ(attempts(id), "0");
    }
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(status(id), "PARSED");
}

TEST_F(RunnerProcessTest, WithoutADatabaseItFailsAndSaysSo) {
    auto settings = variables();
    settings["DATABASE_URL"] = "postgresql://x@127.0.0.1:1/x";
    EXPECT_EQ(RunnerProcess(settings).wait(), 1);
}

TEST_F(RunnerProcessTest, SeveralAtOnceParseNoDumpTwice) {
    constexpr int kDumps = 40;
    std::map<std::string, int> asked;
    sidecar_.on_request([&](const std::string& target) { ++asked[staged_core(target)]; });
    for (int i = 0; i < kDumps; ++i) add_dump(i, "1.0", "dump " + std::to_string(i));
    {
        RunnerProcess first(variables());
        RunnerProcess second(variables());
        RunnerProcess third(variables());
        EXPECT_EQ(first.wait(), 0);
        EXPECT_EQ(second.wait(), 0);
        EXPECT_EQ(third.wait(), 0);
    }
    EXPECT_EQ(asked.size(), std::size_t{kDumps});
    for (const auto& [core, times] : asked) EXPECT_EQ(times, 1) << core;
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED' "
                        "AND attempts = 1"),
              std::to_string(kDumps));
    EXPECT_EQ(staged_names(), Names{});
}

// The fleet goes on to upload while the runner works: it never sees its queue empty.
TEST_F(RunnerProcessTest, AQueueWithoutAnEndHoldsUpNoImport) {
    std::int64_t added = 1;
    std::string spooled;
    std::atomic<bool> is_spooled = false;  // `spooled` is good from then on, in both threads
    const auto is_imported = [&] {
        return sql_value("SELECT count(*) FROM coredumps WHERE filename = '" + spooled + "'") ==
               "1";
    };
    sidecar_.on_request([&](const std::string& /*target*/) {
        if (!is_spooled) {
            spooled = test::upload_into_spool(dumps_.path(), {kKey}, "spooled").filename.str();
            is_spooled = true;
        }
        if (!is_imported()) add_dump(++added);
    });
    add_dump(added);
    RunnerProcess runner(variables());
    EXPECT_TRUE(test::eventually([&] { return is_spooled && is_imported(); }));
    EXPECT_EQ(runner.wait(), 0);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status <> 'PARSED'"), "0");
}

TEST_F(RunnerProcessTest, KilledWhileItHoldsAClaimAnotherTakesItUp) {
    const auto id = add_dump(1);
    sidecar_.will_answer({SidecarReply::silence()});
    RunnerProcess killed(variables());
    await_requests(1);
    killed.signal(SIGKILL);
    EXPECT_EQ(killed.wait(), 128 + SIGKILL);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_NE(column(id, "lease"), "");
    EXPECT_EQ(staged_names().size(), 2U);

    // Not before the lease ran out.
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(status(id), "PENDING");
    EXPECT_EQ(column(id, "next_attempt_at <= now() + interval '30 seconds'"), "t");
    sql("UPDATE coredumps SET next_attempt_at = now()");
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(status(id), "PARSED");
    EXPECT_EQ(attempts(id), "1");
    EXPECT_EQ(staged_names(), Names{});
}

TEST_F(RunnerProcessTest, ADumpThatKillsEveryRunnerEndsInError) {
    const auto id = add_dump(1);
    sidecar_.answer_with([](const std::string&) { return SidecarReply::silence(); });
    // One that may have been parsing others, and then five that were not.
    for (std::size_t attempt = 1; attempt <= 6; ++attempt) {
        kill_one_that_has_asked(attempt);
        EXPECT_EQ(status(id), "PENDING");
    }
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(status(id), "ERROR");
    EXPECT_EQ(output(id),
              "Unable to parse coredump: each of 5 runners that parsed this core dump alone died");
    EXPECT_EQ(staged_names(), Names{});
}

// As a machine does that has too little memory, or is restarted again and again.
TEST_F(RunnerProcessTest, RunnersThatAreKilledWhileTheyParseManyCostNoneItsChance) {
    constexpr int kDumps = 12;
    for (int i = 1; i <= kDumps; ++i) add_dump(i);
    sidecar_.answer_with([](const std::string&) { return SidecarReply::silence(); });
    std::size_t asked = 0;
    // Two at once until each was in the hands of one that was killed.
    for (int kill = 0; kill < kDumps / 2; ++kill) kill_one_that_has_asked(asked += 2);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE leased_alone"), "0");
    // From then on one at a time: each is lost to three more.
    for (int kill = 0; kill < 3 * kDumps; ++kill) kill_one_that_has_asked(asked += 1);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE suspicion BETWEEN 3 AND 4"),
              std::to_string(kDumps));
    sidecar_.answer_with(nullptr);
    EXPECT_EQ(RunnerProcess(variables()).wait(), 0);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps WHERE parse_status = 'PARSED' "
                        "AND attempts = 1"),
              std::to_string(kDumps));
    EXPECT_EQ(staged_names(), Names{});
}

TEST_F(RunnerProcessTest, ToldToStopItReleasesItsClaimAndExits) {
    for (const int signal : {SIGTERM, SIGINT}) {
        sql("TRUNCATE coredumps");
        const auto asked = sidecar_.targets().size();
        const auto id = add_dump(1);
        sidecar_.will_answer({SidecarReply::silence()});
        RunnerProcess stopped(variables());
        await_requests(asked + 1);
        stopped.signal(signal);
        EXPECT_EQ(stopped.wait(), 0);
        EXPECT_EQ(status(id), "PENDING");
        EXPECT_EQ(attempts(id), "0");
        EXPECT_EQ(column(id, "lease"), "");
        EXPECT_EQ(column(id, "next_attempt_at <= now()"), "t");
        EXPECT_EQ(staged_names(), Names{});
    }
}

}  // namespace
}  // namespace coredepot
