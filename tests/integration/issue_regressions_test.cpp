// Which core dumps say that a fix did not work, and what else changes an issue's state.

#include "issues_test.hpp"

namespace coredepot::db {
namespace {

class IssueRegressionsTest : public IssuesTest {
  protected:
    void seen_in(const std::vector<std::string>& versions) {
        for (const auto& version : versions) crash_of(device_, {"sig", version});
    }
    std::string state() const {
        return issue(issue_of("sig"), "state || coalesce(' ' || reason, '')");
    }
    /// The events of the issue, oldest first.
    std::string history() const {
        return sql_value(
            "SELECT string_agg(event, ' ' ORDER BY id) FROM issue_history "
            "WHERE issue_id = " +
            std::to_string(issue_of("sig")));
    }

    std::int64_t device_ = add_device(model_, "abcd1234");
    std::int64_t other_ = add_device(model_, "zyxw9876");
};

struct Case {
    const char* what;
    std::vector<std::string> seen;  ///< before it is resolved
    std::string fixed_in;           ///< SQL's members of an array
    std::string version;            ///< of the core dump that comes after that
    const char* state;              ///< what the issue is then
};

TEST_F(IssueRegressionsTest, ByVersion) {
    for (const auto* version :
         {"1.7.0", "1.7.9", "1.8.0", "1.8.1", "1.8.2", "1.9.0", "1.9.1", "1.10.0"}) {
        upload(version);
    }
    const std::string both = "'1.8.1', '1.9.0'";
    const std::vector<Case> cases = {
        {"a version of before both fixes", {"1.8.0"}, both, "1.8.0", "resolved"},
        {"an older branch", {"1.8.0"}, both, "1.7.9", "resolved"},
        {"the fixed version itself", {"1.8.0"}, both, "1.8.1", "open regressed"},
        {"after the first fix", {"1.8.0"}, both, "1.8.2", "open regressed"},
        {"the second fix itself", {"1.8.0"}, both, "1.9.0", "open regressed"},
        {"after the second fix", {"1.8.0"}, both, "1.9.1", "open regressed"},
        {"1.10 is above 1.9", {"1.8.0"}, both, "1.10.0", "open regressed"},
        {"a branch without the fix", {"1.8.0", "1.9.0"}, "'1.8.1'", "1.9.0", "resolved"},
        {"further up that branch", {"1.8.0", "1.9.0"}, "'1.8.1'", "1.9.1", "resolved"},
        {"below that branch", {"1.8.0", "1.9.0"}, "'1.8.1'", "1.8.2", "open regressed"},
        {"the branch was fixed, too",
         {"1.8.0", "1.9.0"},
         "'1.8.1', '1.9.1'",
         "1.10.0",
         "open regressed"},
        {"below the fix of that branch",
         {"1.8.0", "1.9.0"},
         "'1.8.1', '1.9.1'",
         "1.9.0",
         "resolved"},
        {"a branch where it was never seen", {"1.8.0"}, "'1.8.1'", "1.9.0", "open regressed"},
        {"it was seen in the fix before", {"1.8.1"}, "'1.8.1'", "1.8.1", "open regressed"},
        {"in no version yet", {"1.8.0"}, "", "1.10.0", "resolved"},
        {"a fix that is not uploaded yet", {"1.8.0"}, "'1.11.0'", "1.10.0", "resolved"},
        {"decoded with a version that nobody uploaded",
         {"1.8.0"},
         both,
         "1.12.0",
         "open regressed"},
    };
    for (const auto& row : cases) {
        sql("TRUNCATE coredumps, issues CASCADE");
        seen_in(row.seen);
        EXPECT_EQ(resolve(issue_of("sig"), row.fixed_in), "done") << row.what;
        crash_of(device_, {"sig", row.version});
        EXPECT_EQ(state(), row.state) << row.what;
    }
}

class ResolvedIssue : public IssueRegressionsTest {
  protected:
    ResolvedIssue() {
        upload("1.0");
        upload("1.1");
        upload("1.2");
        first_ = crash_of(device_, {"sig", "1.0"});
    }
    void resolve_in_1_1() { EXPECT_EQ(resolve(issue_of("sig"), "'1.1'"), "done"); }
    static void merge_the_other() {
        EXPECT_EQ(triage("merge_issue(" + std::to_string(issue_of("other")) + ", NULL, " +
                         std::to_string(issue_of("sig")) + ", NULL, NULL)"),
                  "done");
    }

    std::int64_t first_ = 0;
};

TEST_F(ResolvedIssue, ALateCoreDumpDoesNotOpenIt) {
    const auto before = next_moment();
    resolve_in_1_1();
    add_coredump(device_, before);
    parse_next({"sig", "1.1"});
    EXPECT_EQ(state(), "resolved");
    EXPECT_EQ(issue(issue_of("sig"), "occurrences"), "2");
}

/// That 1.2 had the bug when 1.1 was fixed became known later only.
TEST_F(ResolvedIssue, ALateCoreDumpTellsOfABranchWithoutTheFix) {
    const auto before = next_moment();
    resolve_in_1_1();
    add_coredump(device_, before);
    parse_next({"sig", "1.2"});
    crash_of(device_, {"sig", "1.2"});
    EXPECT_EQ(state(), "resolved");
    crash_of(device_, {"sig", "1.1"});
    EXPECT_EQ(state(), "open regressed");
}

TEST_F(ResolvedIssue, AMergeTellsOfABranchWithoutTheFix) {
    crash_of(device_, {"other", "1.2"});
    resolve_in_1_1();
    merge_the_other();
    crash_of(device_, {"other", "1.2"});
    EXPECT_EQ(state(), "resolved");
    crash_of(device_, {"sig", "1.1"});
    EXPECT_EQ(state(), "open regressed");
}

/// As it would have been one without a merge.
TEST_F(ResolvedIssue, AMergeOfWhatWasSeenLaterOnlyTellsOfNone) {
    resolve_in_1_1();
    crash_of(device_, {"other", "1.2"});
    merge_the_other();
    crash_of(device_, {"other", "1.2"});
    EXPECT_EQ(state(), "open regressed");
}

TEST_F(ResolvedIssue, AnUnverifiedElfDoesNotOpenIt) {
    resolve_in_1_1();
    crash_of(device_, {"sig", "1.1", false});
    EXPECT_EQ(state(), "resolved");
    EXPECT_EQ(issue(issue_of("sig"), "occurrences || ' ' || unverified"), "2 1");
    // Nor is it evidence that the version is of a branch without the fix.
    crash_of(device_, {"sig", "1.2"});
    EXPECT_EQ(state(), "open regressed");
}

TEST_F(ResolvedIssue, AnUnverifiedOneOfBeforeIsNoBranch) {
    crash_of(device_, {"sig", "1.2", false});
    resolve_in_1_1();
    crash_of(device_, {"sig", "1.2"});
    EXPECT_EQ(state(), "open regressed");
}

TEST_F(ResolvedIssue, AReparseDoesNotOpenIt) {
    const auto other = crash_of(device_, {"other", "1.1"});
    resolve_in_1_1();
    parse_again(device_, first_, {"sig", "1.1"});
    parse_again(device_, other, {"sig", "1.1"});
    EXPECT_EQ(state(), "resolved");
    EXPECT_EQ(issue(issue_of("sig"), "occurrences"), "2");
}

TEST_F(ResolvedIssue, WhatWasParsedOnlyNowIsAFirstParse) {
    resolve_in_1_1();
    add_coredump(device_, next_moment());
    auto claim = queue_.claim(std::chrono::seconds(60)).value();
    EXPECT_TRUE(queue_.record_error(claim, "no sidecar", true));
    parse_again(device_, claim.coredump_id, {"sig", "1.1"});
    EXPECT_EQ(state(), "open regressed");
}

TEST_F(ResolvedIssue, ARegressionIsWrittenDown) {
    resolve_in_1_1();
    const auto id = crash_of(other_, {"sig", "1.2"});
    crash_of(other_, {"sig", "1.2"});
    EXPECT_EQ(history(), "created resolved regressed");
    EXPECT_EQ(sql("SELECT version, coredump_id FROM issue_history WHERE event = 'regressed'"),
              (test::Rows{{"1.2", std::to_string(id)}}));
    EXPECT_EQ(sql("SELECT by_sub, by_name FROM issue_history WHERE event = 'resolved'"),
              (test::Rows{{"sub", "name"}}));
    EXPECT_EQ(issue(issue_of("sig"), "revision"), "3");
}

TEST_F(ResolvedIssue, InTheNextUploadThatIsAboveAllOthers) {
    EXPECT_EQ(resolve(issue_of("sig"), "", true), "done");
    crash_of(device_, {"sig", "1.2"});
    EXPECT_EQ(state(), "resolved");
    upload("1.1.5");
    upload("1.2");  // again
    EXPECT_EQ(issue(issue_of("sig"), "fixed_in_next"), "t");
    upload("1.3");
    EXPECT_EQ(issue(issue_of("sig"), "fixed_in_next"), "f");
    upload("1.4");
    EXPECT_EQ(sql("SELECT v.version FROM issue_fixes f JOIN model_versions v ON v.id = version_id"),
              (test::Rows{{"1.3"}}));
    crash_of(device_, {"sig", "1.2"});
    EXPECT_EQ(state(), "resolved");
    crash_of(device_, {"sig", "1.3"});
    EXPECT_EQ(state(), "open regressed");
    EXPECT_EQ(history(), "created resolved_in_next fixed_in regressed");
}

TEST_F(ResolvedIssue, InAVersionThatIsNone) {
    EXPECT_EQ(resolve(issue_of("sig"), "'main'"), "version");
    EXPECT_EQ(state(), "open new");
}

class MutedIssue : public ResolvedIssue {
  protected:
    static std::string mute(const std::string& until) {
        return triage("mute_issue(" + std::to_string(issue_of("sig")) + ", NULL, '{}', " + until +
                      ", NULL, NULL)");
    }
};

TEST_F(MutedIssue, ForEver) {
    EXPECT_EQ(mute("NULL, NULL, NULL, NULL"), "done");
    for (int i = 0; i < 5; ++i) crash_of(other_, {"sig", "1.2"});
    settle();
    EXPECT_EQ(state(), "muted");
}

TEST_F(MutedIssue, UntilSoManyMoreCoreDumps) {
    EXPECT_EQ(mute("NULL, 2, NULL, NULL"), "done");
    crash_of(device_, {"sig", "1.0"});
    EXPECT_EQ(state(), "muted");
    crash_of(device_, {"sig", "1.0"});
    EXPECT_EQ(state(), "open unmuted");
    EXPECT_EQ(history(), "created muted unmuted");
}

TEST_F(MutedIssue, UntilSoManyMoreDevices) {
    EXPECT_EQ(mute("NULL, NULL, 1, NULL"), "done");
    crash_of(device_, {"sig", "1.0"});
    EXPECT_EQ(state(), "muted");
    crash_of(other_, {"sig", "1.0"});
    EXPECT_EQ(state(), "open unmuted");
}

TEST_F(MutedIssue, UntilANewerVersion) {
    EXPECT_EQ(mute("NULL, NULL, NULL, '1.1'"), "done");
    crash_of(device_, {"sig", "1.1"});
    crash_of(device_, {"sig", "1.2", false});
    EXPECT_EQ(state(), "muted");
    crash_of(device_, {"sig", "1.2"});
    EXPECT_EQ(state(), "open unmuted");
}

TEST_F(MutedIssue, UntilATime) {
    EXPECT_EQ(mute("now() + interval '1 hour', NULL, NULL, NULL"), "done");
    settle();
    EXPECT_EQ(state(), "muted");
    sql("UPDATE issues SET unmute_at = now()");
    settle();
    EXPECT_EQ(state(), "open unmuted");
}

TEST_F(MutedIssue, NotWhenItIsResolvedAndResolvingEndsIt) {
    EXPECT_EQ(mute("NULL, 1, NULL, NULL"), "done");
    resolve_in_1_1();
    EXPECT_EQ(mute("NULL, 1, NULL, NULL"), "resolved");
    crash_of(other_, {"sig", "1.0"});
    EXPECT_EQ(state(), "resolved");
}

TEST_F(MutedIssue, AMergeIsNoCoreDump) {
    crash_of(other_, {"other", "1.0"});
    crash_of(other_, {"other", "1.0"});
    EXPECT_EQ(mute("NULL, 2, NULL, NULL"), "done");
    merge_the_other();
    crash_of(device_, {"sig", "1.0"});
    EXPECT_EQ(state(), "muted");
    crash_of(device_, {"other", "1.0"});
    EXPECT_EQ(state(), "open unmuted");
}

}  // namespace
}  // namespace coredepot::db
