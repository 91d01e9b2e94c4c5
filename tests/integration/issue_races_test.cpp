// Several who count, merge and split at once; core dumps of before issues were counted.

#include <random>

#include "issues_test.hpp"

namespace coredepot::db {
namespace {

class IssueRacesTest : public IssuesTest {
  protected:
    IssueRacesTest() {
        for (int i = 0; i < 5; ++i) {
            devices_.push_back(add_device(model_, std::to_string(10'000'000 + i)));
        }
    }

    /// Sums that have to be equal, and how many core dumps they are.
    static void expect_counted(const std::string& coredumps) {
        EXPECT_EQ(sql_value("SELECT count(*) FROM occurrences WHERE NOT gone"), coredumps);
        EXPECT_EQ(sql_value("SELECT sum(occurrences) FROM signatures"), coredumps);
        EXPECT_EQ(sql_value("SELECT sum(occurrences) FROM issues"), coredumps);
        EXPECT_EQ(sql_value("SELECT sum(occurrences) FROM issue_versions"), coredumps);
        EXPECT_EQ(sql_value("SELECT sum(occurrences) FROM model_versions"), coredumps);
        EXPECT_EQ(
            sql("SELECT i.id FROM issues i WHERE i.devices <> "
                "(SELECT count(DISTINCT d.device_id) FROM signatures s JOIN signature_devices "
                "d ON d.signature_id = s.id WHERE s.issue_id = i.id)"),
            test::Rows{});
    }

    std::vector<std::int64_t> devices_;
};

/// What a runner makes of a core dump: the same each time.
std::string signature_of(std::int64_t coredump, int round) {
    return "s" + std::to_string((coredump + round) % 3);
}

TEST_F(IssueRacesTest, RunnersMergesAndSplitsAtOnce) {
    constexpr int kCoredumps = 200;
    for (int i = 0; i < kCoredumps; ++i) add_coredump(devices_[i % 5], next_moment());
    const auto run = [](int process, int round) {
        Database database(test::database_url(test::Role::Writer), "test", Mode::ReadWrite);
        ParseQueue queue(database);
        while (const auto claim = queue.claim(std::chrono::seconds(60))) {
            const auto version = FirmwareVersion::trusted("1." + std::to_string(process));
            if (!queue.record_parsed(
                    *claim, report({signature_of(claim->coredump_id, round), version.str()}),
                    version)) {
                return false;
            }
        }
        return true;
    };
    const auto triage_at_random = [] {
        std::mt19937 random(1);
        for (int i = 0; i < 40; ++i) {
            const auto issues = sql("SELECT id FROM issues WHERE state <> 'merged' ORDER BY id");
            if (issues.size() < 2) {
                sql("SELECT (split_issue(s.issue_id, NULL, s.signature, NULL, NULL)).outcome "
                    "FROM signatures s ORDER BY id DESC LIMIT 1");
                continue;
            }
            const auto from = random() % issues.size();
            triage("merge_issue(" + issues[from][0] + ", NULL, " +
                   issues[(from + 1) % issues.size()][0] + ", NULL, NULL)");
        }
        return true;
    };
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(test::in_processes(4, [&](int process) {
            return process < 3 ? run(process, round) : triage_at_random();
        }));
        expect_counted(std::to_string(kCoredumps));
        // All of them again, each with another signature: what moves goes both ways at once.
        requeue_.matching({ParseStatus::Parsed, std::nullopt, std::nullopt});
    }
}

TEST_F(IssueRacesTest, CoreDumpsOfBeforeAreCountedWhileOthersComeIn) {
    upload("1.0");
    for (int i = 0; i < 30; ++i) {
        crash_of(devices_[i % 5], {"s" + std::to_string(i % 3), "1.0"});
    }
    // As an upgrade finds them.
    sql("UPDATE coredumps SET report = '{\"elf_verified\":true,\"elf_sha256\":\"" +
        std::string(64, '1') + "\"}'; TRUNCATE issues, issue_numbers, model_versions CASCADE; " +
        "SELECT ensure_version(device_model_id, version, created_at) FROM firmware_versions; " +
        "UPDATE uncounted_coredumps SET done_to = 0, last = (SELECT max(id) FROM coredumps)");
    // One is deleted meanwhile, one parsed again, one not parsed at all.
    sql("DELETE FROM coredumps WHERE id IN (1, 30)");
    parse_again(devices_[1], 2, {"s1", "1.0"});
    EXPECT_TRUE(requeue_.one(devices_[2], 3));
    int steps = 0;
    EXPECT_TRUE(IssueUpkeep(database_).work([&] { return ++steps > 10; }));  // interrupted
    crash_of(devices_[0], {"s0", "1.0"});
    EXPECT_TRUE(test::in_processes(2, [](int) {
        Database database(test::database_url(test::Role::Writer), "test", Mode::ReadWrite);
        IssueUpkeep(database).work([] { return false; });
        return true;
    }));
    settle();
    parse_next({"s2", "1.0"});
    expect_counted("29");
    EXPECT_EQ(sql("SELECT version, occurrences FROM model_versions"), (test::Rows{{"1.0", "29"}}));
    EXPECT_EQ(sql_value("SELECT string_agg(DISTINCT event, ' ') FROM issue_history"), "created");
}

}  // namespace
}  // namespace coredepot::db
