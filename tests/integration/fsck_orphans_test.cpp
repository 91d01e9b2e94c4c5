// Core dumps' files that no row names: rows that were lost are made again, what was deleted on
// purpose goes, and what can have no row is put aside.

#include "core/uploads/spool_import.hpp"
#include "fsck_test.hpp"
#include "sha256.hpp"
#include "support/firmware.hpp"

namespace coredepot::core {
namespace {

using test::content_of;
using test::Rows;

class FsckOrphansTest : public FsckTest {
  protected:
    static Rows rows() {
        return sql(
            "SELECT d.key || '/' || filename, chip, c.firmware_version, size, parse_status, "
            "       (extract(epoch FROM uploaded_at) * 1000000)::bigint, encode(sha256, 'hex'), "
            "       idempotency_key "
            "  FROM coredumps c JOIN devices d ON d.id = c.device_id ORDER BY c.uploaded_at");
    }
    std::string description_of(const std::string& dump) const {
        return (dumps_ / dump).replace_extension(".json");
    }
    void describe(const std::string& dump, const std::string& json) const {
        write_file(description_of(dump), json);
    }
    /// Another way of a dump into its place than DumpStore's: without a label.
    std::string put_unlabelled(std::int64_t at, const std::string& bytes) const {
        write_file(dumps_ / name_at(at), bytes);
        return name_at(at);
    }
    std::vector<std::string> quarantined() const { return names_in(dumps_ / ".quarantine"); }
    static std::string hidden(std::string dump) { return dump.replace(dump.find('/'), 1, "-"); }
};

TEST_F(FsckOrphansTest, ALostRowIsMadeAgain) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    const auto named = add_dump(1);
    label_.idempotency_key = IdempotencyKey::trusted("crash 7");
    const auto lost = put_dump(2);
    EXPECT_EQ(fsck(kDryRun), Found{"file without row: " + lost});
    EXPECT_EQ(result_.left, 1U);
    EXPECT_EQ(rows().size(), 1U);

    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + lost + "! adopted"});
    EXPECT_EQ(result_.repaired, 1U);
    EXPECT_EQ(result_.left, 0U);
    EXPECT_EQ(rows().at(1), (std::vector<std::string>{lost, "esp32c3", "1.4.2", "11", "PENDING",
                                                      "2", sha256_hex("a core dump"), "crash 7"}));
    EXPECT_EQ(content_of(dumps_ / lost), "a core dump");
    EXPECT_TRUE(exists(dumps_ / named));
    EXPECT_TRUE(exists(dumps_ / ".parse-wanted"));
    EXPECT_EQ(counters_.events(metrics::Event::CoredumpAdopted), 1U);
    EXPECT_EQ(fsck(kRepair), Found{});
}

// As a mover that is killed leaves it.
TEST_F(FsckOrphansTest, AFileWhoseRowHasItInTheBucketGoes) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    const auto moved = add_dump(1);
    sql("UPDATE coredumps SET object = 'coredumps/moved', store = bucket_store(), size = 11, "
        "sha256 = '\\x" +
        sha256_hex("a core dump") + "'");
    EXPECT_TRUE(fsck(kRepair).contains("file without row: " + moved + "! a repeat, removed"));
    EXPECT_FALSE(exists(dumps_ / moved));
    EXPECT_EQ(sql_value("SELECT object FROM coredumps"), "coredumps/moved");
    EXPECT_EQ(counters_.events(metrics::Event::CoredumpAdopted), 0U);
}

TEST_F(FsckOrphansTest, ARowThatIsCommittedMeanwhileIsTheOnlyOne) {
    const auto late = put_dump(1);
    meanwhile_ = [&] { add_coredump(device_, 1); };
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_EQ(rows().size(), 1U);
    EXPECT_TRUE(exists(dumps_ / late));
}

TEST_F(FsckOrphansTest, HoweverManyRowsWereLost) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    constexpr int kFiles = 150;
    rules_.keep = kFiles;
    for (int i = 1; i <= kFiles; ++i) put_dump(i);
    fsck(kRepair);
    EXPECT_EQ(result_.repaired, std::size_t{kFiles});
    EXPECT_EQ(rows().size(), std::size_t{kFiles});
    EXPECT_EQ(names_in(dumps_ / kKey).size(), std::size_t{kFiles});
}

TEST_F(FsckOrphansTest, RetentionAppliesToThemToo) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    rules_.keep = 3;
    for (int i = 1; i <= 5; ++i) put_dump(i);
    fsck(kRepair);
    ASSERT_EQ(rows().size(), 3U);
    EXPECT_EQ(rows().at(0).at(0), name_at(3));
    EXPECT_EQ(names_in(dumps_ / kKey).size(), 3U);
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckOrphansTest, WhatWasDeletedOnPurposeGoes) {
    const auto by_hand = add_dump(1);
    const auto kept = add_dump(2);
    sql("DELETE FROM coredumps WHERE filename = '" + filename_at(1).str() + "'", Role::Writer);
    EXPECT_EQ(fsck(kDryRun), Found{"file of a deleted core dump: " + by_hand});
    EXPECT_EQ(fsck(kRepair), Found{"file of a deleted core dump: " + by_hand + "! removed"});
    EXPECT_FALSE(exists(dumps_ / by_hand));
    EXPECT_TRUE(exists(dumps_ / kept));
    EXPECT_EQ(rows().size(), 1U);
    EXPECT_EQ(counters_.events(metrics::Event::OrphanRemoved), 1U);
    EXPECT_EQ(counters_.events(metrics::Event::CoredumpAdopted), 0U);
    // Out of an older backup of the folder.
    put_dump(1);
    EXPECT_EQ(fsck(kRepair), Found{"file of a deleted core dump: " + by_hand + "! removed"});
}

TEST_F(FsckOrphansTest, WhatRetentionRemovedGoes) {
    const auto old = add_dump(1);
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    put_dump(2);
    for (const auto retention : {Retention::Oldest, Retention::Diverse}) {
        const auto at = retention == Retention::Oldest ? 2 : 3;
        db::Coredumps(database).store(
            {device_, filename_at(at), label_.chip, label_.firmware_version, 11,
             Timestamp(std::chrono::microseconds(at))},
            {1, retention});
    }
    put_dump(3);
    EXPECT_EQ(fsck(kRepair), (Found{"file of a deleted core dump: " + old + "! removed",
                                    "file of a deleted core dump: " + name_at(2) + "! removed"}));
    EXPECT_EQ(names_in(dumps_ / kKey).size(), 1U);
}

TEST_F(FsckOrphansTest, WhatWentWithItsDeviceGoes) {
    const auto dump = add_dump(1);
    sql("DELETE FROM devices", Role::Writer);
    add_device(model_, "00000000");
    EXPECT_EQ(fsck(kRepair), (Found{"file of a deleted core dump: " + dump + "! removed",
                                    "folder without device: abcd1234!"}));
    EXPECT_FALSE(exists(dumps_ / kKey));
}

// As a power cut may leave it, which comes between the file's name and its bytes.
TEST_F(FsckOrphansTest, ATornFileHasNoRow) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    label_.sha256_start = sha256_hex("a core dump").substr(0, DumpLabel::kHashed);
    const auto whole = put_dump(1);
    const auto torn = put_dump(2);
    const auto emptied = put_dump(3);
    std::filesystem::resize_file(dumps_ / torn, 5);
    std::filesystem::resize_file(dumps_ / emptied, 0);
    EXPECT_EQ(fsck(kRepair),
              (Found{"file without row: " + whole + "! adopted",
                     "file without row: " + torn +
                         " quarantined: torn: its bytes are not those that its label tells of",
                     "file without row: " + emptied + " quarantined: empty"}));
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows().at(0).at(0), whole);
    EXPECT_EQ(fsck(kRepair), (Found{"in quarantine: .quarantine/" + hidden(torn),
                                    "in quarantine: .quarantine/" + hidden(emptied)}));
}

TEST_F(FsckOrphansTest, ADeletionTellsOfOneFileAndNotOfAnotherOfItsName) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    add_coredump(device_, 1);
    sql("UPDATE coredumps SET sha256 = decode('" + sha256_hex("another") + "', 'hex')");
    sql("DELETE FROM coredumps");
    const auto dump = put_dump(1);
    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + dump + "! adopted"});
}

TEST_F(FsckOrphansTest, ARepeatIsNoSecondCoreDump) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    label_.idempotency_key = IdempotencyKey::trusted("crash 7");
    put_dump(1);
    fsck(kRepair);
    const auto again = put_dump(2);
    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + again + "! a repeat, removed"});
    EXPECT_EQ(rows().size(), 1U);
    EXPECT_EQ(names_in(dumps_ / kKey), std::vector<std::string>{filename_at(1).str()});
}

TEST_F(FsckOrphansTest, OfNoDeviceItIsPutAsideUntilThereIsOne) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    const auto dump = put_dump(1, "zzzzzzzz");
    EXPECT_EQ(fsck(kRepair), (Found{"file without row: " + dump + " quarantined: unknown device",
                                    "folder without device: zzzzzzzz!"}));
    EXPECT_EQ(quarantined(), std::vector<std::string>{hidden(dump)});
    EXPECT_EQ(counters_.events(metrics::Event::CoredumpQuarantined), 1U);
    EXPECT_EQ(fsck(kRepair), Found{"in quarantine: .quarantine/" + hidden(dump)});

    add_device(model_, "zzzzzzzz");
    EXPECT_EQ(fsck(kDryRun), Found{"in quarantine: .quarantine/" + hidden(dump)});
    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + dump + "! adopted"});
    EXPECT_EQ(quarantined(), std::vector<std::string>{});
    EXPECT_EQ(content_of(dumps_ / dump), "a core dump");
    EXPECT_EQ(rows().at(0).at(0), dump);
    EXPECT_EQ(fsck(kRepair), Found{});
}

storage::UploadedDump dump_of(const std::string& key, const std::string& model) {
    return {DeviceKey::trusted(key),
            ModelCode::trusted(model),
            Chip::trusted("esp32c3"),
            FirmwareVersion::trusted("1.4.2"),
            Timestamp(std::chrono::microseconds(1)),
            std::nullopt,
            sha256_hex("a core dump"),
            "a core dump"};
}

void put_aside(const storage::Spool& spool, const storage::UploadedDump& dump) {
    spool.store(dump);
    spool.for_each([&](const std::string& name) {
        spool.quarantine(spool.claim(name).value());
        return true;
    });
}

TEST_F(FsckOrphansTest, WhatTheSpoolPutAsideGoesBackOnceItsDeviceIsThere) {
    const storage::Spool spool(dumps_.path(), 1'000'000'000);
    put_aside(spool, dump_of("zzzzzzzz", "a"));
    // There is no such model, and so no device of it.
    put_aside(spool, dump_of("yyyyyyyy", "b"));
    write_file(dumps_ / ".quarantine/zzzzzzzz-19700101T000000_000009Z.spool", "no such record");
    const std::string first = "in quarantine: .quarantine/zzzzzzzz-19700101T000000_000001Z.spool";
    const std::string second = "in quarantine: .quarantine/yyyyyyyy-19700101T000000_000001Z.spool";
    const std::string damaged = "in quarantine: .quarantine/zzzzzzzz-19700101T000000_000009Z.spool";
    EXPECT_EQ(fsck(kRepair), (Found{first, second, damaged}));

    add_device(model_, "zzzzzzzz");
    add_device(model_, "yyyyyyyy");
    EXPECT_EQ(fsck(kDryRun), (Found{first, second, damaged}));
    EXPECT_EQ(fsck(kRepair), (Found{first + "! back into the spool", second, damaged}));
    EXPECT_TRUE(exists(dumps_ / ".parse-wanted"));
    EXPECT_EQ(spool.state().quarantined.files, 2U);

    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::Devices devices(database);
    db::Coredumps coredumps(database);
    const DumpFiles files{storage::DumpStore(dumps_.path())};
    DumpRecorder recorder(coredumps, files, rules_, counters_);
    LateRows late(devices, recorder, files);
    EXPECT_EQ(SpoolImport({late, files, counters_}, [] { return false; }).run(spool), 1U);
    EXPECT_EQ(rows().at(0).at(0), name_at(1, "zzzzzzzz"));
    EXPECT_EQ(fsck(kRepair), (Found{second, damaged}));
}

// With an object store, STATE_DIR may be another folder than COREDUMPS_DIR.
TEST_F(FsckOrphansTest, TheSpoolMayBeInAFolderOfItsOwn) {
    const test::TemporaryFolder state;
    spool_ = state.path();
    const storage::Spool spool(state.path(), 1'000'000'000);
    put_aside(spool, dump_of(kKey, "a"));
    put_aside(spool, dump_of(kKey, "a"));  // it has the same name
    write_file(state / ".spool/000/abcd1234-19700101T000000_000002Z.spool", "accepted");
    // Of before there was an object store.
    put_aside(storage::Spool(dumps_.path(), 1'000'000'000), dump_of(kKey, "a"));
    const std::string waits = "spooled for long: .spool/000/abcd1234-19700101T000000_000002Z.spool";
    EXPECT_EQ(fsck(kDryRun).size(), 4U);
    const auto found = fsck(kRepair);
    EXPECT_EQ(found.size(), 4U);
    EXPECT_TRUE(found.contains(waits));
    EXPECT_EQ(std::ranges::count_if(
                  found, [](const auto& one) { return one.ends_with("! back into the spool"); }),
              3);
    EXPECT_TRUE(exists(state / ".parse-wanted"));
    EXPECT_TRUE(names_in(dumps_ / ".quarantine").empty());
    EXPECT_TRUE(names_in(state / ".quarantine").empty());
}

TEST_F(FsckOrphansTest, OfAnotherModelItIsPutAsideAndStaysThere) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    label_.model_code = ModelCode::trusted("other");
    const auto dump = put_dump(1);
    fsck(kRepair);
    EXPECT_EQ(quarantined(), std::vector<std::string>{hidden(dump)});
    EXPECT_EQ(
        storage::DumpQuarantine(dumps_.path()).reason({DeviceKey::trusted(kKey), filename_at(1)}),
        NoRow::kOtherModel);
    EXPECT_EQ(fsck(kRepair), Found{"in quarantine: .quarantine/" + hidden(dump)});
    EXPECT_EQ(rows().size(), 0U);
}

TEST_F(FsckOrphansTest, WhatIsNoCoreDumpIsPutAside) {
    const auto empty = put_unlabelled(1, "");
    const auto silent = put_unlabelled(2, "tells nothing");
    write_file(dumps_ / kKey / "coredump_20010231T000000_000000Z.dmp", "of no day");
    const auto large = put_unlabelled(3, std::string(kMaxCoredumpBytes + 1, 'x'));
    EXPECT_EQ(
        fsck(kRepair),
        (Found{"file without row: " + empty + " quarantined: empty",
               "file without row: " + silent +
                   " quarantined: it has no label, and does not tell of which chip it is",
               "file without row: abcd1234/coredump_20010231T000000_000000Z.dmp quarantined: its "
               "name has no such time",
               "file without row: " + large + " quarantined: larger than a core dump may be"}));
    EXPECT_EQ(quarantined().size(), 4U);
    EXPECT_EQ(rows().size(), 0U);
}

TEST_F(FsckOrphansTest, WithoutALabelItTellsOfItself) {
    const auto bytes = test::thermostat_file("coredump.bin");
    const auto dump = put_unlabelled(1, bytes);
    const auto other = put_unlabelled(2, bytes);
    EXPECT_EQ(fsck(kRepair).size(), 2U);
    EXPECT_EQ(rows().at(0).at(1), "esp32c3");
    EXPECT_EQ(rows().at(0).at(2), "unknown");
    EXPECT_EQ(quarantined(), std::vector<std::string>{});

    // Once its firmware is there, its version is, too.
    sql("TRUNCATE coredumps");
    record_version("9.9", true, sha256_hex(test::thermostat_file("thermostat.elf")));
    write_file(assets_ / "a/firmware-9.9.zip", "a bundle");
    write_file(assets_ / "firmware-a.bin", "an image");
    put_unlabelled(3, bytes);
    fsck(kRepair);
    ASSERT_EQ(rows().size(), 3U);
    EXPECT_EQ(rows().at(2).at(2), "9.9");
}

TEST_F(FsckOrphansTest, FoldersOfThePredecessor) {
    const auto dump = put_unlabelled(1, "a core dump");
    const auto foreign = put_unlabelled(2, "of another device");
    describe(dump, R"({"chip":"esp32","firmware_version":"0.9","device_key":"abcd1234",
                       "model_code":"a","uploaded_at":"1970-01-01T00:00:00.000001+00:00"})");
    describe(foreign, R"({"chip":"esp32","firmware_version":"0.9","device_key":"00000000"})");
    EXPECT_EQ(fsck(kRepair),
              (Found{"file without row: " + dump + "! adopted",
                     "file without row: " + foreign +
                         " quarantined: what is written beside it names another device"}));
    EXPECT_EQ(rows(),
              (Rows{{dump, "esp32", "0.9", "11", "PENDING", "1", sha256_hex("a core dump"), ""}}));
    // What it told the label tells from now on, where there can be one.
    EXPECT_NE(exists(std::filesystem::path(description_of(dump))), keeps_labels());
    EXPECT_TRUE(fsck(kRepair).contains("in quarantine: .quarantine/" + hidden(foreign)));
}

TEST_F(FsckOrphansTest, FilesThatHaveNoLabelGetIt) {
    if (!keeps_labels()) GTEST_SKIP() << "no extended attributes here";
    const auto id = add_coredump(device_, 1, "2.0");
    sql("UPDATE coredumps SET chip = 'esp32s3', idempotency_key = 'k' WHERE id = " +
        std::to_string(id));
    put_unlabelled(1, "of a version that wrote none");
    const storage::DumpStore store(dumps_.path());
    const auto device = DeviceKey::trusted(kKey);
    EXPECT_EQ(fsck(kDryRun), Found{});
    EXPECT_FALSE(store.label(device, filename_at(1)));
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_EQ(store.label(device, filename_at(1)),
              (DumpLabel{Chip::trusted("esp32s3"), FirmwareVersion::trusted("2.0"),
                         ModelCode::trusted("a"), IdempotencyKey::trusted("k")}));
}

TEST_F(FsckOrphansTest, RecordsOfDeletionsOutliveTheirFilesByTwoWeeks) {
    const auto records = [] { return sql_value("SELECT count(*) FROM deleted_coredumps"); };
    for (int i = 1; i <= 3; ++i) add_dump(i);
    sql("DELETE FROM coredumps", Role::Writer);
    fsck(kRepair);
    EXPECT_EQ(names_in(dumps_ / kKey), std::vector<std::string>{});
    EXPECT_EQ(records(), "3");
    sql("UPDATE deleted_coredumps SET deleted_at = now() - interval '13 days'");
    fsck(kRepair);
    EXPECT_EQ(records(), "3");
    sql("UPDATE deleted_coredumps SET deleted_at = now() - interval '15 days' WHERE filename <> '" +
        filename_at(1).str() + "'");
    write_file(dumps_ / name_at(2), "cannot be removed");
    sql("UPDATE deleted_coredumps SET sha256 = NULL");
    // Too young for this run to remove it.
    fsck({.repair = true, .settle = 0s});
    EXPECT_EQ(sql_value("SELECT string_agg(filename, ' ' ORDER BY filename) FROM "
                        "deleted_coredumps"),
              filename_at(1).str() + ' ' + filename_at(2).str());
}

}  // namespace
}  // namespace coredepot::core
