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

class IssueRecountTest : public IssuesTest {
  protected:
    IssueRecountTest() {
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

void IssueRecountTest::expect_shown(const std::string& issue, const Sums& sums) {
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

void IssueRecountTest::expect_equal() {
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

TEST_F(IssueRecountTest, EqualARecountWhateverHappens) {
    for (int i = 0; i < kSteps && !HasFailure(); ++i) {
        step();
        if (i % 25 == 0) expect_equal();
    }
    settle();
    expect_equal();
    EXPECT_EQ(sql_value("SELECT count(*) FROM occurrences WHERE gone"), "0");
}

}  // namespace
}  // namespace coredepot::db
