// What fsck finds between rows and files, what it repairs, and what it leaves alone.

#include "fsck_test.hpp"

#include "db/parse_queue.hpp"

namespace coredepot::core {
namespace {

TEST_F(FsckTest, NothingIsClean) {
    EXPECT_EQ(fsck(kDryRun), Found{});
    EXPECT_EQ(result_.repaired + result_.left + result_.failed, 0U);
}

TEST_F(FsckTest, WhatBelongsTogetherIsClean) {
    const auto dump = add_dump(1);
    record_version("1.0", false);
    record_version("2.0", true);
    write_file(assets_ / "a/firmware-2.0.zip", "a bundle");
    write_file(assets_ / "firmware-a.bin", "an image");
    write_file(assets_ / ".images/x.bin", "a cache");
    write_file(xfer_ / ".elf-cache/x.elf", "a cache");
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_TRUE(exists(dumps_ / dump));
    EXPECT_TRUE(exists(assets_ / "a/firmware-2.0.zip"));
    EXPECT_TRUE(exists(assets_ / "firmware-a.bin"));
    EXPECT_TRUE(exists(assets_ / ".images/x.bin"));
    EXPECT_TRUE(exists(xfer_ / ".elf-cache/x.elf"));
}

TEST_F(FsckTest, OfAFileThatExpiredNothingIsSaid) {
    add_coredump(device_, 1);
    sql("UPDATE coredumps SET file_expired_at = now(); SELECT recount_kept_files()");
    EXPECT_EQ(fsck(kDryRun), Found{});
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckTest, NorWhileItIsAboutToGo) {
    const auto dump = add_dump(1);
    sql("UPDATE coredumps SET file_expired_at = now(); INSERT INTO expired_files "
        "SELECT c.id, d.key, c.filename FROM coredumps c, devices d; SELECT recount_kept_files()");
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_TRUE(exists(dumps_ / dump));
}

TEST_F(FsckTest, OneThatCameBackGoesAgain) {
    const auto kept = add_dump(1);
    const auto dump = add_dump(2);
    sql("UPDATE coredumps SET file_expired_at = now() WHERE filename = '" + filename_at(2).str() +
        "'; SELECT recount_kept_files()");
    EXPECT_EQ(fsck(kDryRun), Found{"file that had expired: " + dump});
    EXPECT_EQ(fsck(kRepair), Found{"file that had expired: " + dump + "!"});
    EXPECT_FALSE(exists(dumps_ / dump));
    EXPECT_TRUE(exists(dumps_ / kept));
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckTest, WrongSumsAreCountedAnew) {
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::ParseQueue queue(database);
    const std::int64_t now = std::stoll(sql_value("SELECT microseconds(now())"));
    for (const auto at : std::vector<std::int64_t>{1, 2, 3, now}) {
        add_dump(at);
        const auto claim = queue.claim(30s).value();
        queue.record_parsed(claim,
                            {"text",
                             at < 3    ? "s"
                             : at == 3 ? "t"
                                       : "u",
                             "title", "{}"},
                            FirmwareVersion::trusted("1.0"));
    }
    EXPECT_EQ(fsck(kDryRun), Found{});
    const std::string sums =
        "SELECT (SELECT json_agg(to_jsonb(i) - 'updated_at' ORDER BY id) FROM issues i), "
        "(SELECT json_agg(s ORDER BY id) FROM signatures s), "
        "(SELECT json_agg(v ORDER BY version_id, issue_id) FROM issue_versions v), "
        "(SELECT json_agg(v) FROM model_versions v), (SELECT json_agg(k) FROM kept_files k), "
        "(SELECT count(*) FROM coredump_file_changes)";
    sql("SELECT take_in_file_changes()");
    const auto before = sql(sums);
    for (const auto& [tampering, found] : std::vector<std::pair<std::string, std::string>>{
             {"UPDATE issues SET devices = 7 WHERE number = 1", "issue A-1"},
             {"UPDATE issues SET kept = kept - 1 WHERE number = 1", "issue A-1"},
             {"UPDATE signatures SET occurrences = 9 WHERE signature = 't'", "issue A-2"},
             {"UPDATE signatures SET last_seen = now() WHERE signature = 's'", "issue A-1"},
             {"DELETE FROM issue_versions WHERE issue_id = 1", "issue A-1"},
             {"UPDATE issue_versions SET devices = 5 WHERE issue_id = 2", "issue A-2"},
             {"UPDATE issues SET first_version = '0.9' WHERE number = 2", "issue A-2"},
             {"UPDATE issues SET last_version = NULL WHERE number = 1", "issue A-1"},
             {"UPDATE issues SET fixed_in = '[\"1.0\"]' WHERE number = 1", "issue A-1"},
             {"UPDATE issues SET hours = '{7}' WHERE number = 3", "issue A-3"},
             {"UPDATE issues SET hours_to = NULL WHERE number = 3", "issue A-3"},
             {"UPDATE model_versions SET occurrences = 1", "version a 1.0"},
             {"UPDATE kept_files SET bytes = 1", "files of core dumps"}}) {
        sql(tampering);
        EXPECT_EQ(fsck(kDryRun), Found{"wrong sums: " + found}) << tampering;
        EXPECT_EQ(fsck(kRepair), Found{"wrong sums: " + found + "!"}) << tampering;
        EXPECT_EQ(sql(sums), before) << tampering;
    }
    EXPECT_EQ(fsck(kRepair), Found{});
}

// Whoever counts for an issue changes all of its sums in one transaction.
TEST_F(FsckTest, ACountThatIsNotCommittedIsNoWrongSum) {
    add_dump(1);
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    const auto claim = db::ParseQueue(database).claim(30s).value();
    test::OpenTransaction counting("SELECT record_parse(" + std::to_string(claim.coredump_id) +
                                   ", '" + claim.lease + "', 'x', 's', 't', '{}', '1.0', " +
                                   std::to_string(model_) + ", 0)");
    EXPECT_EQ(fsck(kRepair), Found{});
    counting.commit();
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckTest, WhatIsYoungIsWorkInProgress) {
    put_dump(1);
    write_file(dumps_ / kKey / ".upload-x", "half of one");
    write_file(xfer_ / "1-x.dmp", "staged");
    write_file(assets_ / "a/.new-x", "half of one");
    write_file(assets_ / "a/firmware-9.zip", "its row is about to be committed");
    EXPECT_EQ(fsck({.repair = true, .settle = 0s}), Found{});
}

TEST_F(FsckTest, AFileWhoseNameIsOfTheFutureIsLeftAlone) {
    // Its own times are those of this machine's clock, which was set back since.
    const auto soon =
        std::chrono::duration_cast<std::chrono::microseconds>((now() + 24h).time_since_epoch());
    put_dump(soon.count());
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckTest, ARowThatIsCommittedMeanwhileKeepsItsFile) {
    const auto late = put_dump(1);
    meanwhile_ = [&] { add_coredump(device_, 1); };
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_TRUE(exists(dumps_ / late));
}

TEST_F(FsckTest, ATemporaryFileThatSomebodyStillWritesStays) {
    const auto path = dumps_ / kKey / ".upload-x";
    write_file(path, "half");
    meanwhile_ = [&] { write_file(path, "more than half"); };
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_TRUE(exists(path));
}

TEST_F(FsckTest, WhatWasCutOffGoes) {
    write_file(dumps_ / kKey / ".upload-x", "half of one");
    write_file(xfer_ / "1-x.dmp", "staged");
    write_file(assets_ / ".new-x", "half of one");
    write_file(assets_ / "a/.old-x", "what was replaced");
    EXPECT_EQ(fsck(kRepair),
              (Found{"unfinished upload: abcd1234/.upload-x!", "leftover in transfer: 1-x.dmp!",
                     "unfinished firmware: .new-x!", "unfinished firmware: a/.old-x!"}));
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckTest, ARowWithoutItsFileIsReportedAndStays) {
    const auto dump = add_dump(1);
    add_dump(2);
    remove(dumps_ / dump);
    EXPECT_EQ(fsck(kRepair), Found{"row without file: " + dump});
    EXPECT_EQ(result_.left, 1U);
    remove_all(dumps_ / kKey);
    EXPECT_EQ(fsck(kRepair),
              (Found{"row without file: " + dump,
                     "row without file: " + std::string(kKey) + '/' + filename_at(2).str()}));
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "2");
}

TEST_F(FsckTest, AcceptedDumpsInTheSpoolAreReportedAndNeverRemoved) {
    write_file(dumps_ / ".spool/abcd1234/x", "accepted");
    write_file(dumps_ / ".spool/.upload-z", "not yet accepted");
    write_file(dumps_ / ".quarantine/y", "accepted");
    EXPECT_EQ(fsck(kRepair),
              (Found{"spooled for long: .spool/abcd1234/x", "in quarantine: .quarantine/y",
                     "unfinished upload: .spool/.upload-z!"}));
    EXPECT_TRUE(exists(dumps_ / ".spool/abcd1234/x"));
    EXPECT_TRUE(exists(dumps_ / ".quarantine/y"));
    EXPECT_EQ(fsck({.repair = true, .settle = 0s}), Found{"in quarantine: .quarantine/y"});
}

TEST_F(FsckTest, WhatIsNotOursIsReported) {
    write_file(dumps_ / "README", "x");
    write_file(dumps_ / kKey / "notes.txt", "x");
    write_file(dumps_ / "lost+found/x", "x");
    write_file(dumps_ / ".parse-wanted", "");
    write_file(assets_ / "a/notes.txt", "x");
    write_file(assets_ / "Notes.txt", "x");
    EXPECT_EQ(fsck(kRepair), (Found{"not ours: README", "not ours: abcd1234/notes.txt",
                                    "not ours: a/notes.txt", "not ours: Notes.txt"}));
}

TEST_F(FsckTest, FirmwareAndItsRows) {
    record_version("1.0", true);
    write_file(assets_ / "a/firmware-3.0.zip", "of no version");
    write_file(assets_ / "b/firmware-1.0.zip", "of no model");
    write_file(assets_ / "firmware-b.bin", "of no model");
    EXPECT_EQ(fsck(kRepair),
              (Found{"version without bundle: a version 1.0", "image missing: a version 1.0",
                     "firmware without row: a/firmware-3.0.zip", "firmware without row: b",
                     "firmware without row: firmware-b.bin"}));
}

TEST_F(FsckTest, KeptElvesAndTheirRows) {
    const std::string lost(64, 'a');
    const std::string there(64, 'b');
    const std::string stray(64, 'c');
    for (const auto& elf : {lost, there}) {
        sql("INSERT INTO kept_elves (device_model_id, elf_sha256, version) "
            "SELECT id, '" +
            elf + "', '1.0' FROM device_models WHERE code = 'a'");
    }
    write_file(assets_ / ".replaced/a" / (there + ".zip"), "kept");
    write_file(assets_ / ".replaced/a" / (stray + ".zip"), "of no row");
    EXPECT_EQ(fsck(kRepair),
              (Found{"version without bundle: a, the replaced build whose ELF is " + lost,
                     "firmware without row: .replaced/a/" + stray + ".zip"}));
}

TEST_F(FsckTest, DumpsThatWaitForABundleThatIsThere) {
    add_dump(1);
    sql("UPDATE coredumps SET parse_status = 'ERROR', parsed_output = 'no bundle', "
        "awaits_firmware_since = 0");
    record_version("1.0", true);
    write_file(assets_ / "a/firmware-1.0.zip", "a bundle");
    write_file(assets_ / "firmware-a.bin", "an image");
    EXPECT_EQ(fsck(kDryRun), Found{"firmware not noticed: 1 core dumps"});
    EXPECT_EQ(fsck(kRepair), Found{"firmware not noticed: 1 core dumps!"});
    EXPECT_EQ(sql_value("SELECT parse_status FROM coredumps"), "PENDING");
    EXPECT_EQ(fsck(kRepair), Found{});
}

TEST_F(FsckTest, MoreDevicesThanFitOneQuery) {
    sql("INSERT INTO devices (device_model_id, key) SELECT 1, lpad(i::text, 8, '0') FROM "
        "generate_series(1, 1200) i");
    sql("INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at) "
        "SELECT id, '" +
        filename_at(1).str() + "', 'esp32', '1.0', 1, now() FROM devices");
    put_dump(1);
    for (int i = 1; i <= 1200; ++i) {
        const auto number = std::to_string(i);
        write_file(dumps_ / name_at(1, std::string(8 - number.size(), '0') + number), "x");
    }
    EXPECT_EQ(fsck(kRepair), Found{});
    remove_all(dumps_ / "00001111");
    remove(dumps_ / name_at(1, "00000003"));
    EXPECT_EQ(fsck(kRepair), (Found{"row without file: 00001111/" + filename_at(1).str(),
                                    "row without file: 00000003/" + filename_at(1).str()}));
}

TEST_F(FsckTest, AFolderThatIsNotThereIsNotAFault) {
    remove_all(xfer_.path());
    remove_all(dumps_.path());
    EXPECT_EQ(fsck(kRepair), Found{});
}

}  // namespace
}  // namespace coredepot::core
