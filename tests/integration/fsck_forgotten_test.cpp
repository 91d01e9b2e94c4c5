// A database that has forgotten devices: what stops, and what mends it.

#include "core/errors.hpp"
#include "core/forgotten_database.hpp"
#include "core/uploads/spool_import.hpp"
#include "fsck_test.hpp"
#include "support/disk.hpp"

namespace coredepot::core {
namespace {

class ForgottenDatabaseTest : public FsckTest {
  protected:
    Uploads::Accepted upload(const std::string& key) {
        db::Devices devices(database_);
        db::Coredumps coredumps(database_);
        Uploads uploads(devices, coredumps, test::disk(dumps_.path()), rules_, counters_);
        return uploads.accept({{key, ModelCode::trusted("a")}, "esp32c3", "1.0"},
                              [] { return "another core dump"; });
    }
    std::size_t import_spool() {
        db::Devices devices(database_);
        db::Coredumps coredumps(database_);
        const auto disk = test::disk(dumps_.path());
        DumpRecorder recorder(coredumps, disk.files, rules_, counters_);
        LateRows rows(devices, recorder, disk.files);
        return SpoolImport({rows, disk.files, counters_}, [] { return false; }).run(disk.spool);
    }
    static std::string devices() {
        return sql_value(
            "SELECT string_agg(key || ' ' || code, ', ' ORDER BY key) FROM devices d "
            "JOIN device_models m ON m.id = d.device_model_id");
    }
    /// As coredepot-setup makes one.
    static void empty_database() { sql("TRUNCATE device_models CASCADE"); }

    db::Database database_{database_url(Role::Writer), "test", db::Mode::ReadWrite};
};

TEST_F(ForgottenDatabaseTest, NothingIsRepairedByIt) {
    const auto dump = add_dump(1);
    write_file(dumps_ / kKey / ".upload-x", "half of one");
    empty_database();
    EXPECT_THROW(fsck(kRepair), ForgottenDatabase);
    EXPECT_THROW(fsck(kForce), ForgottenDatabase);
    EXPECT_TRUE(exists(dumps_ / dump));
    EXPECT_TRUE(exists(dumps_ / kKey / ".upload-x"));
    EXPECT_TRUE(fsck(kDryRun).contains("file without row: " + dump));
}

TEST_F(ForgottenDatabaseTest, WithoutCoreDumpsItIsANewOne) {
    empty_database();
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_THROW(upload(kKey), NotFound);
}

TEST_F(ForgottenDatabaseTest, WhoseDevicesWereAllDeletedOnPurposeItIsNot) {
    const auto dump = add_dump(1);
    sql("DELETE FROM devices", Role::Writer);
    EXPECT_THROW(upload(kKey), NotFound);
    EXPECT_TRUE(fsck(kRepair).contains("file of a deleted core dump: " + dump + "! removed"));
}

TEST_F(ForgottenDatabaseTest, UploadsAreSpooledAndStayThereUntilItRemembers) {
    const auto known = add_dump(1);
    empty_database();
    EXPECT_FALSE(upload("00000000").coredump_id);
    EXPECT_EQ(import_spool(), 0U);
    EXPECT_EQ(names_in(dumps_ / ".quarantine"), std::vector<std::string>{});
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "0");

    model_ = add_model("a");
    add_device(model_, kKey);
    add_device(model_, "00000000");
    EXPECT_EQ(import_spool(), 1U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "1");
    // Of a device that never was, when the database knows others.
    EXPECT_THROW(upload("11111111"), NotFound);
}

TEST_F(ForgottenDatabaseTest, DevicesAreMadeAgainByWhatTheirCoreDumpsTell) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    const auto first = add_dump(1);
    const auto second = add_dump(2);
    label_.model_code = ModelCode::trusted("thermostat");
    const auto other = put_dump(1, "00000000");
    empty_database();
    EXPECT_EQ(fsck(kMakeDevices), (Found{"file without row: " + first + "! adopted",
                                         "file without row: " + second + "! adopted",
                                         "file without row: " + other + "! adopted"}));
    EXPECT_EQ(devices(), "00000000 thermostat, abcd1234 a");
    // In one transaction: a runner that saw one without the other would put the other's aside.
    EXPECT_EQ(sql_value("SELECT count(DISTINCT created_at) FROM devices"), "1");
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "3");
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(ForgottenDatabaseTest, ThePredecessorsFoldersBringTheirDevices) {
    write_file(dumps_ / name_at(1, "00000000"), "a core dump");
    write_file(
        (dumps_ / name_at(1, "00000000")).replace_extension(".json"),
        R"({"chip":"esp32","firmware_version":"1","device_key":"00000000","model_code":"b"})");
    empty_database();
    fsck(kMakeDevices);
    EXPECT_EQ(devices(), "00000000 b");
    EXPECT_EQ(sql_value("SELECT chip FROM coredumps"), "esp32");
}

TEST_F(ForgottenDatabaseTest, WithTheWrongDatabaseNothingIsPutAside) {
    constexpr int kFiles = 120;
    for (int i = 1; i <= kFiles; ++i) put_dump(i, "zzzzzzzz");
    EXPECT_EQ(fsck(kRepair).size(), std::size_t{kFiles});
    EXPECT_EQ(result_.left, std::size_t{kFiles});
    EXPECT_EQ(names_in(dumps_ / "zzzzzzzz").size(), std::size_t{kFiles});
    fsck(kForce);
    EXPECT_EQ(names_in(dumps_ / ".quarantine").size(), std::size_t{kFiles});
}

}  // namespace
}  // namespace coredepot::core
