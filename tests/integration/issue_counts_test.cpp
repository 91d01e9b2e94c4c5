// Which core dumps are counted, for which issue, and what becomes of the counts when issues are
// merged and split.

#include "db/issues.hpp"
#include "issues_test.hpp"

namespace coredepot::db {
namespace {

class IssueCountsTest : public IssuesTest {
  protected:
    std::int64_t device_ = add_device(model_, "10000000");
};

TEST_F(IssueCountsTest, TheSameReparseChangesNothing) {
    const auto id = crash_of(device_, {"s", "1.0"});
    const auto rows = [] {
        return sql("SELECT i.*, s.* FROM issues i JOIN signatures s ON s.issue_id = i.id");
    };
    const auto before = rows();
    parse_again(device_, id, {"s", "1.0"});
    EXPECT_EQ(rows(), before);
}

TEST_F(IssueCountsTest, TheIssueOfTheSignatureByEarlierRulesTakesTheNewOneIn) {
    const auto id = crash_of(device_, {"old", "1.0"});
    EXPECT_EQ(triage("link_ticket(" + std::to_string(issue_of("old")) +
                     ", NULL, 'https://tickets.example/1', NULL, NULL)"),
              "done");
    parse_again(device_, id, {"new", "1.0", true, "old"});
    EXPECT_EQ(issue_of("new"), issue_of("old"));
    EXPECT_EQ(issue(issue_of("new"), "number || ' ' || occurrences || ' ' || devices"), "1 1 1");
    EXPECT_EQ(sql_value("SELECT count(*) FROM issues"), "1");
    EXPECT_EQ(sql_value("SELECT occurrences FROM signatures WHERE signature = 'old'"), "0");
}

TEST_F(IssueCountsTest, AlsoWhenTheNewOneIsCountedFirst) {
    crash_of(device_, {"new", "1.0", true, "old"});
    crash_of(device_, {"old", "1.0"});
    EXPECT_EQ(issue_of("old"), issue_of("new"));
    EXPECT_EQ(issue(issue_of("new"), "occurrences || ' ' || devices"), "2 1");
}

TEST_F(IssueCountsTest, EachModelCountsItsIssuesFromOne) {
    const auto model = add_model("b");
    crash_of(device_, {"s", "1.0"});
    crash_of(device_, {"t", "1.0"});
    crash_of(add_device(model, "abcd1234"), {"s", "1.0"});
    EXPECT_EQ(sql("SELECT m.code, i.number FROM issues i JOIN device_models m "
                  "ON m.id = i.device_model_id ORDER BY 1, 2"),
              (test::Rows{{"a", "1"}, {"a", "2"}, {"b", "1"}}));
}

TEST_F(IssueCountsTest, AnIssueNamesThoseOfOtherModelsWithOneOfItsSignatures) {
    crash_of(device_, {"t", "1.0"});
    crash_of(device_, {"s", "1.0"});
    triage("merge_issue(" + std::to_string(issue_of("s")) + ", NULL, " +
           std::to_string(issue_of("t")) + ", NULL, NULL)");
    Database database(test::database_url(test::Role::Reader), "test", Mode::ReadOnly);
    Issues issues(database);
    const auto alone = issues.find({issue_of("t")}).value();
    EXPECT_EQ(alone.elsewhere, "[]");
    ASSERT_EQ(alone.signatures.size(), 2U);
    EXPECT_EQ(alone.signatures.at(0).signature, "t");
    EXPECT_EQ(alone.signatures.at(1).signature, "s");

    const auto device = add_device(add_model("b"), "abcd1234");
    crash_of(device, {"t", "1.0"});
    crash_of(device, {"other", "1.0"});
    const auto found = issues.find({0, ModelCode::parse("a"), 1}).value();
    EXPECT_EQ(found.elsewhere, R"([{"id" : 3, "name" : "B-1", "model" : "b"}])");
    EXPECT_EQ(issues.find({3}).value().elsewhere, R"([{"id" : 1, "name" : "A-1", "model" : "a"}])");
    EXPECT_EQ(issues.find({4}).value().elsewhere, "[]");
    EXPECT_FALSE(issues.find({5}));
    EXPECT_FALSE(issues.id_of({5}));
}

TEST_F(IssueCountsTest, ACrashWithoutSignatureIsNotCounted) {
    add_coredump(device_, next_moment());
    EXPECT_TRUE(queue_.record_parsed(queue_.claim(std::chrono::seconds(60)).value(),
                                     test::text_only("text")));
    EXPECT_EQ(sql_value("SELECT count(*) FROM occurrences"), "0");
}

TEST_F(IssueCountsTest, WhatAForeignSidecarSaysIsBounded) {
    add_coredump(device_, next_moment());
    const std::string details =
        R"({"crash":{"kind":17,"functions":[1,"f",null,{}],"quality":"magic","previous_signature":[]}})";
    EXPECT_TRUE(queue_.record_parsed(queue_.claim(std::chrono::seconds(60)).value(),
                                     {"text", "sig", "Abort at 0x5 in f (main.c:1)", details}));
    EXPECT_EQ(sql_value("SELECT concat_ws('|', kind, quality, unverified) FROM issues"),
              "17|full|1");
}

TEST_F(IssueCountsTest, WhatCountingReadsComesBesideTheReport) {
    add_coredump(device_, next_moment());
    CrashReport told{"text", "sig", "Abort", R"({"notes":[]})"};
    told.counted = R"({"elf_verified":true,"crash":{"kind":"Panic","functions":["f"]}})";
    EXPECT_TRUE(queue_.record_parsed(queue_.claim(std::chrono::seconds(60)).value(), told));
    EXPECT_EQ(sql("SELECT kind, functions, unverified FROM signatures"),
              (test::Rows{{"Panic", "{f}", "0"}}));
    EXPECT_EQ(sql_value("SELECT report FROM coredumps"), R"({"notes":[]})");
}

TEST_F(IssueCountsTest, ARunnerOfTheVersionBeforeCountsLikewise) {
    const auto id = add_coredump(device_, next_moment());
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
    const auto id = add_coredump(device_, next_moment(), "9.9");
    sql("UPDATE coredumps SET parse_status = 'PARSED', parsed_at = now(), parsed_output = 'x', "
        "signature = 's', title = 't', report = '{\"elf_sha256\": \"" +
        std::string(64, '1') + "\"}'; UPDATE uncounted_coredumps SET last = " + std::to_string(id));
    settle();
    EXPECT_EQ(
        sql("SELECT v.version FROM occurrences o JOIN model_versions v ON v.id = o.version_id"),
        (test::Rows{{"1.0"}}));
}

TEST_F(IssueCountsTest, MergingIssuesOfManyDevicesCountsEachDeviceOnce) {
    for (const auto* signature : {"x", "y"}) crash_of(device_, {signature, "1.0"});
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
    crash_of(device_, {"s", "1.0"});
    const auto split = [](const std::string& hash) {
        return triage("outcome FROM split_issue(" + std::to_string(issue_of("s")) + ", NULL, '" +
                      hash + "', NULL, NULL)");
    };
    EXPECT_EQ(split("s"), "only_signature");
    EXPECT_EQ(split("t"), "signature");
}

TEST_F(IssueCountsTest, AMergedIssueSaysWhereItWent) {
    for (const auto* signature : {"x", "y", "z"}) crash_of(device_, {signature, "1.0"});
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
