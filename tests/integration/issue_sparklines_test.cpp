// Sparklines of issues: which hour is where.

#include "db/issues.hpp"
#include "issues_test.hpp"

namespace coredepot::db {
namespace {

class IssueSparklinesTest : public IssuesTest {
  protected:
    /// Counts `occurrences` for a signature as of so many hours ago.
    static void count(const std::string& signature, int hours_ago, int occurrences) {
        sql("INSERT INTO signature_hours (signature_id, hour, occurrences) SELECT id, "
            "date_trunc('hour', now(), 'UTC') - " +
            std::to_string(hours_ago) + " * interval '1 hour', " + std::to_string(occurrences) +
            " FROM signatures WHERE signature = '" + signature + "'");
    }
    /// In a list, as one issue, and as messages have it.
    std::vector<std::string> sparklines(std::int64_t issue) {
        return {issues_.list({}, std::nullopt, 1).at(0).issue.sparkline,
                issues_.find({issue}).value().summary.sparkline,
                sql_value("SELECT issue_sparkline(" + std::to_string(issue) + ")")};
    }

    std::int64_t crash_before(int hours, const Crash& crash) {
        const auto id =
            add_coredump(device_, next_moment() - static_cast<std::int64_t>(hours) * 3'600'000'000);
        EXPECT_EQ(parse_next(crash), id);
        return id;
    }

    std::int64_t device_ = add_device(model_, "abcd1234");
    Issues issues_{database_};
};

TEST_F(IssueSparklinesTest, HoursOfAllSignaturesAddUpInTheirPlaces) {
    crash_of(device_, {"aaaa", "1.0"});
    crash_of(device_, {"bbbb", "1.0", true, "aaaa"});  // the same issue's
    ASSERT_EQ(issue_of("aaaa"), issue_of("bbbb"));
    const auto hour = [] { return sql_value("SELECT date_trunc('hour', now())"); };
    std::string began;
    std::vector<std::string> found;
    do {
        began = hour();
        sql("DELETE FROM signature_hours");
        count("aaaa", 0, 1);
        count("bbbb", 0, 20);
        count("bbbb", 3, 5);
        count("aaaa", 23, 700);
        count("aaaa", 24, 9999);  // too long ago
        count("aaaa", -1, 8888);  // a clock was wrong
        sql("SELECT recount_issue(id) FROM issues");
        found = sparklines(issue_of("aaaa"));
    } while (hour() != began);
    for (const auto& one : found) {
        EXPECT_EQ(one, "[700,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,5,0,0,21]");
    }
}

TEST_F(IssueSparklinesTest, WhatWasSeenLongAgoHasNone) {
    crash_of(device_, {"aaaa", "1.0"});
    sql("UPDATE issues SET last_seen = now() - interval '25 hours'");
    sql("UPDATE signature_hours SET hour = hour - interval '26 hours'");
    sql("UPDATE issues SET hours_to = hours_to - interval '26 hours'");
    for (const auto& one : sparklines(issue_of("aaaa"))) {
        EXPECT_EQ(one, "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]");
    }
}

TEST_F(IssueSparklinesTest, EachCountFindsItsHourInWhicheverOrderTheyCome) {
    const auto hour = [] { return sql_value("SELECT date_trunc('hour', now())"); };
    std::string began;
    std::vector<std::string> found;
    do {
        sql("TRUNCATE coredumps, issues, occurrences CASCADE");
        began = hour();
        for (const int hours : {30, 9, 2, 2, 23, 24, 0, 2}) crash_before(hours, {"aaaa", "1.0"});
        const auto moved = crash_before(9, {"aaaa", "1.0"});
        const auto latest = crash_before(0, {"aaaa", "1.0"});
        for (const auto id : {moved, latest}) parse_again(device_, id, {"bbbb", "1.0"});
        found = sparklines(issue_of("aaaa"));
        found.erase(found.begin());  // `bbbb` was seen last
    } while (hour() != began);
    for (const auto& one : found) {
        EXPECT_EQ(one, "[1,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,3,0,1]");
    }
}

TEST_F(IssueSparklinesTest, HoursThatPassedSinceTheLastCountAreEmpty) {
    const auto hour = [] { return sql_value("SELECT date_trunc('hour', now())"); };
    std::string began;
    std::vector<std::string> found;
    do {
        sql("TRUNCATE coredumps, issues, occurrences CASCADE");
        began = hour();
        for (const int hours : {20, 7, 5, 28}) crash_before(hours, {"aaaa", "1.0"});
        found = sparklines(issue_of("aaaa"));
    } while (hour() != began);
    for (const auto& one : found) {
        EXPECT_EQ(one, "[0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,1,0,1,0,0,0,0,0]");
    }
}

}  // namespace
}  // namespace coredepot::db
