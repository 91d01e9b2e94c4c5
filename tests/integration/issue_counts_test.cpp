// What is counted equals a plain recount of what happened, whatever happened.

#include <map>
#include <random>
#include <set>

#include "db/issues.hpp"
#include "issues_test.hpp"

namespace coredepot::db {
namespace {

/// So many that each kind of step comes after each other one, several times.
constexpr int kSteps = 250;

/// A core dump that was counted.
struct Counted {
    std::int64_t device = 0;
    std::int64_t at = 0;  ///< microseconds
    std::string signature;
    std::string version;
    bool verified = true;
    bool is_kept = true;
};

/// The sums of some of them, counted plainly.
struct Sums {
    std::set<std::int64_t> devices;
    std::map<std::string, std::pair<std::int64_t, std::set<std::int64_t>>> versions;
    std::int64_t occurrences = 0, kept = 0, unverified = 0, first = 0, last = 0;

    void add(const Counted& counted) {
        first = occurrences == 0 ? counted.at : std::min(first, counted.at);
        last = occurrences == 0 ? counted.at : std::max(last, counted.at);
        ++occurrences;
        kept += counted.is_kept ? 1 : 0;
        unverified += counted.verified ? 0 : 1;
        devices.insert(counted.device);
        auto& version = versions[counted.version];
        ++version.first;
        version.second.insert(counted.device);
    }
    std::string text() const {
        auto result = std::to_string(occurrences) + ' ' + std::to_string(devices.size()) + ' ' +
                      std::to_string(kept) + ' ' + std::to_string(unverified);
        if (occurrences > 0) result += ' ' + std::to_string(first) + ' ' + std::to_string(last);
        return result;
    }
    std::string versions_text() const {
        std::string result;
        for (const auto& [version, counts] : versions) {
            result += version + ' ' + std::to_string(counts.first) + ' ' +
                      std::to_string(counts.second.size()) + '\n';
        }
        return result;
    }
};

class IssueCountsTest : public IssuesTest {
  protected:
    IssueCountsTest() {
        for (int i = 0; i < 4; ++i) add_one_device();
    }

    std::size_t draw(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
    }
    Crash any_crash() {
        return {"s" + std::to_string(draw(5)), "1." + std::to_string(draw(3)), draw(4) > 0};
    }
    void add_one_device() {
        std::string key = std::to_string(10'000'000 + device_count_++);
        devices_.push_back(add_device(model_, key));
    }
    /// Of a core dump that is there; 0: there is none.
    std::int64_t any_coredump() {
        std::vector<std::int64_t> there;
        for (const auto& [id, counted] : log_) {
            if (counted.is_kept) there.push_back(id);
        }
        return there.empty() ? 0 : there[draw(there.size())];
    }
    void note(std::int64_t id, std::int64_t device, std::int64_t at, const Crash& crash) {
        log_[id] = {device, at, crash.signature, crash.version, crash.verified, true};
    }

    void crash_somewhere() {
        const auto device = devices_[draw(devices_.size())];
        const auto crash = any_crash();
        // Not always in the order of their times: some come out of a spool.
        const auto at = next_moment() - static_cast<std::int64_t>(draw(30)) * 3'600'000'000 -
                        static_cast<std::int64_t>(draw(1000));
        note(add_coredump(device, at), device, at, crash);
        parse_next(crash);
    }
    void reparse() {
        const auto id = any_coredump();
        if (id == 0) return;
        const auto device = log_.at(id).device;
        const auto crash = any_crash();
        parse_again(device, id, crash);
        note(id, device, log_.at(id).at, crash);
    }
    void reparse_that_fails() {
        const auto id = any_coredump();
        if (id == 0) return;
        EXPECT_TRUE(requeue_.one(log_.at(id).device, id));
        EXPECT_TRUE(queue_.record_error(queue_.claim(std::chrono::seconds(60)).value(), "x", true));
    }
    /// One runner is killed with its transaction open, one loses its lease, one has the result.
    void reparse_with_lost_runners() {
        const auto id = any_coredump();
        if (id == 0) return;
        const auto device = log_.at(id).device;
        EXPECT_TRUE(requeue_.one(device, id));
        const auto lost = queue_.claim(std::chrono::seconds(0)).value();
        {
            const test::OpenTransaction killed("SELECT record_parse(" + std::to_string(id) + ", '" +
                                               lost.lease + "', 'x', 's0', 't', '{}', '1.0', " +
                                               std::to_string(model_) + ", 0)");
        }
        const auto crash = any_crash();
        parse_next(crash);
        EXPECT_FALSE(queue_.record_parsed(lost, report(any_crash())));
        note(id, device, log_.at(id).at, crash);
    }
    void delete_coredump() {
        const auto id = any_coredump();
        if (id == 0) return;
        sql("DELETE FROM coredumps WHERE id = " + std::to_string(id), test::Role::Writer);
        log_.at(id).is_kept = false;
    }
    void delete_device() {
        const auto index = draw(devices_.size());
        sql("DELETE FROM devices WHERE id = " + std::to_string(devices_[index]),
            test::Role::Writer);
        for (auto& [id, counted] : log_) {
            if (counted.device == devices_[index]) counted.is_kept = false;
        }
        devices_.erase(devices_.begin() + static_cast<std::ptrdiff_t>(index));
        add_one_device();
    }
    static void merge() {
        const auto issues = sql("SELECT id FROM issues WHERE state <> 'merged' ORDER BY random()");
        if (issues.size() < 2) return;
        EXPECT_EQ(
            triage("merge_issue(" + issues[0][0] + ", NULL, " + issues[1][0] + ", NULL, NULL)"),
            "done");
    }
    static void split() {
        const auto signatures =
            sql("SELECT s.issue_id, s.signature FROM signatures s WHERE EXISTS "
                "(SELECT FROM signatures o WHERE o.issue_id = s.issue_id AND o.id <> s.id) "
                "ORDER BY random() LIMIT 1");
        if (signatures.empty()) return;
        EXPECT_EQ(triage("outcome FROM split_issue(" + signatures[0][0] + ", NULL, '" +
                         signatures[0][1] + "', NULL, NULL)"),
                  "done");
    }
    void step() {
        switch (draw(16)) {
            case 0:
                return delete_coredump();
            case 1:
                return merge();
            case 2:
                return split();
            case 3:
                return settle();
            case 4:
                return reparse_that_fails();
            case 5:
                return reparse_with_lost_runners();
            case 6:
                return draw(4) == 0 ? delete_device() : delete_coredump();
            case 7:
            case 8:
            case 9:
                return reparse();
            default:
                return crash_somewhere();
        }
    }

    std::mt19937 random_{20'261'129};
    std::vector<std::int64_t> devices_;
    std::map<std::int64_t, Counted> log_;  ///< by the core dump's id
    int device_count_ = 0;

    void expect_equal();
    /// What lists show of it besides its sums.
    void expect_shown(const std::string& issue, const Sums& sums);

  private:
    /// `of` tells what to count an entry for.
    template <class Of>
    std::map<std::string, Sums> recount(const Of& of) const {
        std::map<std::string, Sums> sums;
        for (const auto& [id, counted] : log_) sums[of(counted)].add(counted);
        return sums;
    }
};

constexpr const char* kSums =
    "x.id, concat_ws(' ', x.occurrences, x.devices, "
    "x.kept - (SELECT count(*) FROM occurrences o JOIN signatures s ON s.id = o.signature_id "
    "           WHERE o.gone AND x.id IN (SELECT ID_OF)), "
    "x.unverified, microseconds(x.first_seen), microseconds(x.last_seen))";

std::string sums_of(const std::string& id_of) {
    std::string text = kSums;
    return text.replace(text.find("ID_OF"), 5, id_of);
}

void IssueCountsTest::expect_shown(const std::string& issue, const Sums& sums) {
    const auto hour = [] { return sql_value("SELECT date_trunc('hour', now())"); };
    std::string began;
    std::string hours;
    IssueSummary shown;
    do {
        began = hour();
        hours = sql_value("SELECT issue_sparkline(" + issue + ")");
        shown = Issues(database_).find({std::stoll(issue)}).value().summary;
    } while (hour() != began);
    EXPECT_EQ(shown.sparkline, hours) << "issue " << issue;
    const auto& versions = sums.versions;
    const auto first = versions.empty() ? "none" : versions.begin()->first;
    const auto last = versions.empty() ? "none" : versions.rbegin()->first;
    EXPECT_EQ(shown.first_version.value_or("none"), first) << "issue " << issue;
    EXPECT_EQ(shown.last_version.value_or("none"), last) << "issue " << issue;
}

void IssueCountsTest::expect_equal() {
    std::map<std::string, std::string> issue_of;
    for (const auto& row : sql("SELECT signature, issue_id FROM signatures")) {
        issue_of[row[0]] = row[1];
    }
    auto by_signature = recount([](const Counted& c) { return c.signature; });
    for (const auto& row : sql("SELECT x.signature, " + sums_of("s.id") + " FROM signatures x")) {
        EXPECT_EQ(row[2], by_signature[row[0]].text()) << "signature " << row[0];
    }
    auto by_issue = recount([&](const Counted& c) { return issue_of.at(c.signature); });
    for (const auto& row : sql("SELECT " + sums_of("s.issue_id") + " FROM issues x")) {
        EXPECT_EQ(row[1], by_issue[row[0]].text()) << "issue " << row[0];
        EXPECT_EQ(sql_value("SELECT coalesce(string_agg(concat_ws(' ', v.version, i.occurrences, "
                            "i.devices) || E'\\n', '' ORDER BY v.version), '') "
                            "FROM issue_versions i JOIN model_versions v ON v.id = i.version_id "
                            "WHERE i.issue_id = " +
                            row[0]),
                  by_issue[row[0]].versions_text())
            << "issue " << row[0];
        expect_shown(row[0], by_issue[row[0]]);
    }
    auto by_version = recount([](const Counted& c) { return c.version; });
    for (const auto& row : sql("SELECT version, occurrences, devices FROM model_versions")) {
        EXPECT_EQ(row[1], std::to_string(by_version[row[0]].occurrences)) << row[0];
        EXPECT_EQ(row[2], std::to_string(by_version[row[0]].devices.size())) << row[0];
    }
    // What fsck compares is no other.
    EXPECT_EQ(sql_value("SELECT count(*) FROM issues WHERE has_wrong_sums(id)"), "0");
    EXPECT_EQ(sql_value("SELECT count(*) FROM model_versions WHERE version_has_wrong_sums(id)"),
              "0");
    for (const auto* series : {"signature_hours", "signature_days"}) {
        for (const auto& row : sql(std::string("SELECT s.signature, (SELECT coalesce(sum(h."
                                               "occurrences), 0) FROM ") +
                                   series + " h WHERE h.signature_id = s.id) FROM signatures s")) {
            EXPECT_EQ(row[1], std::to_string(by_signature[row[0]].occurrences)) << series;
        }
    }
}

TEST_F(IssueCountsTest, EqualARecountWhateverHappens) {
    for (int i = 0; i < kSteps && !HasFailure(); ++i) {
        step();
        if (i % 25 == 0) expect_equal();
    }
    settle();
    expect_equal();
    EXPECT_EQ(sql_value("SELECT count(*) FROM occurrences WHERE gone"), "0");
}

TEST_F(IssueCountsTest, TheSameReparseChangesNothing) {
    const auto device = devices_[0];
    const auto id = crash_of(device, {"s", "1.0"});
    const auto rows = [] {
        return sql("SELECT i.*, s.* FROM issues i JOIN signatures s ON s.issue_id = i.id");
    };
    const auto before = rows();
    parse_again(device, id, {"s", "1.0"});
    EXPECT_EQ(rows(), before);
}

TEST_F(IssueCountsTest, TheIssueOfTheSignatureByEarlierRulesTakesTheNewOneIn) {
    const auto device = devices_[0];
    const auto id = crash_of(device, {"old", "1.0"});
    EXPECT_EQ(triage("link_ticket(" + std::to_string(issue_of("old")) +
                     ", NULL, 'https://tickets.example/1', NULL, NULL)"),
              "done");
    parse_again(device, id, {"new", "1.0", true, "old"});
    EXPECT_EQ(issue_of("new"), issue_of("old"));
    EXPECT_EQ(issue(issue_of("new"), "number || ' ' || occurrences || ' ' || devices"), "1 1 1");
    EXPECT_EQ(sql_value("SELECT count(*) FROM issues"), "1");
    EXPECT_EQ(sql_value("SELECT occurrences FROM signatures WHERE signature = 'old'"), "0");
}

TEST_F(IssueCountsTest, AlsoWhenTheNewOneIsCountedFirst) {
    crash_of(devices_[0], {"new", "1.0", true, "old"});
    crash_of(devices_[0], {"old", "1.0"});
    EXPECT_EQ(issue_of("old"), issue_of("new"));
    EXPECT_EQ(issue(issue_of("new"), "occurrences || ' ' || devices"), "2 1");
}

TEST_F(IssueCountsTest, EachModelCountsItsIssuesFromOne) {
    const auto model = add_model("b");
    crash_of(devices_[0], {"s", "1.0"});
    crash_of(devices_[0], {"t", "1.0"});
    crash_of(add_device(model, "abcd1234"), {"s", "1.0"});
    EXPECT_EQ(sql("SELECT m.code, i.number FROM issues i JOIN device_models m "
                  "ON m.id = i.device_model_id ORDER BY 1, 2"),
              (test::Rows{{"a", "1"}, {"a", "2"}, {"b", "1"}}));
}

TEST_F(IssueCountsTest, ACrashWithoutSignatureIsNotCounted) {
    add_coredump(devices_[0], next_moment());
    EXPECT_TRUE(queue_.record_parsed(queue_.claim(std::chrono::seconds(60)).value(),
                                     test::text_only("text")));
    EXPECT_EQ(sql_value("SELECT count(*) FROM occurrences"), "0");
}

TEST_F(IssueCountsTest, WhatAForeignSidecarSaysIsBounded) {
    add_coredump(devices_[0], next_moment());
    const std::string details =
        R"({"crash":{"kind":17,"functions":[1,"f",null,{}],"quality":"magic","previous_signature":[]}})";
    EXPECT_TRUE(queue_.record_parsed(queue_.claim(std::chrono::seconds(60)).value(),
                                     {"text", "sig", "Abort at 0x5 in f (main.c:1)", details}));
    EXPECT_EQ(sql_value("SELECT concat_ws('|', kind, quality, unverified) FROM issues"),
              "17|full|1");
}

TEST_F(IssueCountsTest, WhatCountingReadsComesBesideTheReport) {
    add_coredump(devices_[0], next_moment());
    CrashReport told{"text", "sig", "Abort", R"({"notes":[]})"};
    told.counted = R"({"elf_verified":true,"crash":{"kind":"Panic","functions":["f"]}})";
    EXPECT_TRUE(queue_.record_parsed(queue_.claim(std::chrono::seconds(60)).value(), told));
    EXPECT_EQ(sql("SELECT kind, functions, unverified FROM signatures"),
              (test::Rows{{"Panic", "{f}", "0"}}));
    EXPECT_EQ(sql_value("SELECT report FROM coredumps"), R"({"notes":[]})");
}

TEST_F(IssueCountsTest, ARunnerOfTheVersionBeforeCountsLikewise) {
    const auto id = add_coredump(devices_[0], next_moment());
    const auto claim = queue_.claim(std::chrono::seconds(60)).value();
    EXPECT_EQ(triage("record_parse(" + std::to_string(id) + ", '" + claim.lease +
                     R"(', 'x', 's', 't', '{"elf_verified":true}', '1.0', )" +
                     std::to_string(model_) + ", 0)"),
              "t");
    EXPECT_EQ(issue(issue_of("s"), "occurrences || ' ' || unverified"), "1 0");
}

// Of two builds of one version, the one that was replaced decoded it.
TEST_F(IssueCountsTest, ACoreDumpOfBeforeCountsForTheVersionOfAReplacedBuild) {
    FirmwareVersions versions(database_);
    for (const char elf : {'1', '2'}) {
        versions.record(
            model_, {FirmwareVersion::trusted("1.0"), std::string(64, elf), std::string(64, '0')},
            [] {});
    }
    const auto id = add_coredump(devices_[0], next_moment(), "9.9");
    sql("UPDATE coredumps SET parse_status = 'PARSED', parsed_at = now(), parsed_output = 'x', "
        "signature = 's', title = 't', report = '{\"elf_sha256\": \"" +
        std::string(64, '1') + "\"}'; UPDATE uncounted_coredumps SET last = " + std::to_string(id));
    settle();
    EXPECT_EQ(
        sql("SELECT v.version FROM occurrences o JOIN model_versions v ON v.id = o.version_id"),
        (test::Rows{{"1.0"}}));
}

TEST_F(IssueCountsTest, MergingIssuesOfManyDevicesCountsEachDeviceOnce) {
    for (const auto* signature : {"x", "y"}) crash_of(devices_[0], {signature, "1.0"});
    // x has the devices 1000 to 60999 besides, y 31000 to 90999, half of them with another version.
    sql(R"(
        INSERT INTO model_versions (device_model_id, version, epoch, sort_key)
        SELECT device_model_id, '1.1', 1, version_sort_key('1.1') FROM model_versions;
        INSERT INTO signature_devices
        SELECT s.id, 1000 + i + CASE s.signature WHEN 'y' THEN 30000 ELSE 0 END, v.id, 1, 1, now()
          FROM signatures s, generate_series(0, 59999) AS i
          JOIN model_versions v ON v.version = '1.' || i % 2;
        SELECT repair_sums(id) FROM issues;
        ANALYZE;)");
    EXPECT_EQ(issue(issue_of("x"), "devices"), "60001");
    EXPECT_EQ(triage("merge_issue(" + std::to_string(issue_of("x")) + ", NULL, " +
                     std::to_string(issue_of("y")) + ", NULL, NULL)"),
              "done");
    EXPECT_EQ(issue(issue_of("y"), "devices || ' ' || occurrences"), "90001 120002");
    EXPECT_EQ(sql("SELECT devices, occurrences FROM issue_versions ORDER BY version_id"),
              (test::Rows{{"45001", "60002"}, {"45000", "60000"}}));
    EXPECT_EQ(sql_value("SELECT count(*) FROM issues WHERE has_wrong_sums(id)"), "0");
}

TEST_F(IssueCountsTest, SplittingWhatIsNotThere) {
    crash_of(devices_[0], {"s", "1.0"});
    const auto split = [](const std::string& hash) {
        return triage("outcome FROM split_issue(" + std::to_string(issue_of("s")) + ", NULL, '" +
                      hash + "', NULL, NULL)");
    };
    EXPECT_EQ(split("s"), "only_signature");
    EXPECT_EQ(split("t"), "signature");
}

TEST_F(IssueCountsTest, AMergedIssueSaysWhereItWent) {
    for (const auto* signature : {"x", "y", "z"}) crash_of(devices_[0], {signature, "1.0"});
    const auto x = std::to_string(issue_of("x"));
    const auto y = std::to_string(issue_of("y"));
    const auto z = std::to_string(issue_of("z"));
    const auto merge = [](const std::string& from, const std::string& into) {
        return triage("merge_issue(" + from + ", NULL, " + into + ", NULL, NULL)");
    };
    EXPECT_EQ(merge(x, y), "done");
    EXPECT_EQ(merge(y, z), "done");
    EXPECT_EQ(issue(std::stoll(x), "state || ' ' || merged_into"), "merged " + z);
    EXPECT_EQ(issue(std::stoll(y), "state || ' ' || merged_into"), "merged " + z);
    EXPECT_EQ(merge(x, z), "merged");
    EXPECT_EQ(merge(z, x), "into_merged");
    EXPECT_EQ(merge(z, z), "same");
    EXPECT_EQ(merge(z, "999"), "into_missing");
    EXPECT_EQ(merge("999", z), "missing");
    EXPECT_EQ(triage("link_ticket(" + x + ", NULL, 'u', NULL, NULL)"), "merged");
}

}  // namespace
}  // namespace coredepot::db
