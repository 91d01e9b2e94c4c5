// In which order the versions of a model are.

#include "issues_test.hpp"

namespace coredepot::db {
namespace {

class VersionsTest : public IssuesTest {
  protected:
    static std::vector<std::string> in_order() {
        std::vector<std::string> versions;
        for (const auto& row :
             sql("SELECT version FROM model_versions ORDER BY epoch, sort_key, id")) {
            versions.push_back(row[0]);
        }
        return versions;
    }
    static std::string key(const std::string& version) {
        return sql_value("SELECT version_sort_key('" + version + "')");
    }
};

using Versions = std::vector<std::string>;

TEST_F(VersionsTest, Table) {
    const Versions rising = {"0.9",
                             "1.0-dev",
                             "1.0-dev3",
                             "1.0.0-alpha",
                             "1.0.0-alpha.2",
                             "1.0.0-alpha.9",
                             "1.0.0-alpha.9.1",
                             "1.0.0-alpha10",
                             "1.0.0-beta",
                             "v1.0.0-rc",
                             "1.0.0-rc1",
                             "1.0.0-rc1-dirty",
                             "1.0.0-rc1-2-gabc",
                             "1.0.0-RC2",
                             "1.0.0-rc10",
                             "1.0",
                             "1.0.0-dirty",
                             "1.0.0+abc",
                             "1.0.0+7",
                             "1.0.0+7-dirty",
                             "1.0.0+12",
                             "1.0.0+build.13",
                             "1.0.0-1-gffff",
                             "1.0-2-g00",
                             "v1.0-2-g00-dirty",
                             "1.0-11-g1",
                             "1.0.0.1",
                             "1.0.1-dev",
                             "1.0.1",
                             "1.2",
                             "1.9.9",
                             "1.10",
                             "V2",
                             "10.0.0",
                             "2026.11.29",
                             "99999999999999999999999999999999"};
    for (std::size_t i = 0; i + 1 < rising.size(); ++i) {
        EXPECT_EQ(sql_value("SELECT version_sort_key('" + rising[i] + "') < version_sort_key('" +
                            rising[i + 1] + "')"),
                  "t")
            << rising[i] << " is not before " << rising[i + 1];
    }
}

TEST_F(VersionsTest, TheSamePlace) {
    EXPECT_EQ(key("1.8"), key("v1.8.0"));
    EXPECT_EQ(key("1.8.0-rc.1"), key("1.8-rc1"));
    EXPECT_EQ(key("1.8-3-gaaaa"), key("1.8-3-gbbbb"));
}

TEST_F(VersionsTest, WhatCannotBeRead) {
    for (const auto* version : {"abc1234", "main", "release-5", "1.2.3-foo", "1..2", "1.", "v",
                                "1.2 (x)", "arduino-lib-builder", "1.2.3+a b", "x1.2.3"}) {
        EXPECT_EQ(key(version), "") << version;
    }
}

TEST_F(VersionsTest, UploadsOutOfOrder) {
    for (const auto* version : {"1.9.0", "1.8.1", "1.10.0", "1.8.0", "1.8.1", "v1.9"}) {
        upload(version);
    }
    EXPECT_EQ(in_order(), (Versions{"1.8.0", "1.8.1", "1.9.0", "v1.9", "1.10.0"}));
}

TEST_F(VersionsTest, AnotherKindBeginsAnEpoch) {
    for (const auto* version :
         {"2.0", "1.0", "bbbb", "aaaa", "1.5", "0.1", "cccc", "1.0", "aaaa"}) {
        upload(version);
    }
    EXPECT_EQ(in_order(), (Versions{"1.0", "2.0", "bbbb", "aaaa", "0.1", "1.5", "cccc"}));
}

TEST_F(VersionsTest, EachStaysWhenItsBundleIsGone) {
    upload("1.0");
    upload("1.1");
    sql("DELETE FROM firmware_versions");
    upload("1.0");
    EXPECT_EQ(in_order(), (Versions{"1.0", "1.1"}));
}

TEST_F(VersionsTest, ParallelUploadsOfOneModelAreAllInOneOrder) {
    EXPECT_TRUE(test::in_processes(4, [&](int process) {
        Database database(test::database_url(test::Role::Writer), "test", Mode::ReadWrite);
        for (int i = 0; i < 20; ++i) {
            // The same ones by all, and each kind by turns.
            const auto version = i % 2 == 0 ? "1." + std::to_string(i) : "x" + std::to_string(i);
            FirmwareVersions(database).record(
                model_, {FirmwareVersion::trusted(version), std::nullopt, std::string(64, '0')},
                [] {});
        }
        return process >= 0;
    }));
    EXPECT_EQ(in_order().size(), 20U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM (SELECT epoch FROM model_versions GROUP BY epoch "
                        "HAVING count(DISTINCT sort_key = '{}') > 1) AS mixed"),
              "0");
}

TEST_F(VersionsTest, WhatADeviceRunsIsWrittenDownAtAChangeAndOnceADay) {
    const auto device = add_device(model_, "abcd1234");
    Devices devices(database_);
    const auto running = [&](const std::string& version) {
        return devices.note_running(device, FirmwareVersion::trusted(version));
    };
    const auto counts = [] {
        return sql("SELECT version, devices FROM running_versions ORDER BY version");
    };
    EXPECT_TRUE(running("1.0"));
    EXPECT_FALSE(running("1.0"));
    EXPECT_EQ(counts(), (test::Rows{{"1.0", "1"}}));
    EXPECT_TRUE(running("1.1"));
    EXPECT_EQ(counts(), (test::Rows{{"1.1", "1"}}));
    sql("UPDATE devices SET running_seen_at = now() - interval '25 hours'");
    EXPECT_TRUE(running("1.1"));
    EXPECT_FALSE(running("1.1"));
    EXPECT_EQ(counts(), (test::Rows{{"1.1", "1"}}));

    const auto other = add_device(model_, "zyxw9876");
    devices.note_running(other, FirmwareVersion::trusted("1.1"));
    EXPECT_EQ(counts(), (test::Rows{{"1.1", "2"}}));
    devices.remove(device);
    EXPECT_EQ(counts(), (test::Rows{{"1.1", "1"}}));
    devices.remove(other);
    EXPECT_EQ(counts(), test::Rows{});
}

}  // namespace
}  // namespace coredepot::db
