// coredepot-fsck of core dumps in a bucket: nothing accepted is ever lost by it.

#include <gtest/gtest.h>

#include "core/forgotten_database.hpp"
#include "core/fsck/dump_objects_check.hpp"
#include "objects/dump_keys.hpp"
#include "sha256.hpp"
#include "support/database.hpp"
#include "support/s3_server.hpp"

namespace coredepot::core {
namespace {

using namespace std::chrono_literals;
using test::database_url;
using test::Role;
using Found = std::multiset<std::string>;
using Keys = std::vector<std::string>;

const FsckOptions kDryRun{.age = 0s, .settle = 0s};
const FsckOptions kRepair{.repair = true, .age = 0s, .settle = 0s};
const FsckOptions kMakeDevices{.repair = true, .make_devices = true, .age = 0s, .settle = 0s};

class FsckObjectsTest : public test::DatabaseTest {
  protected:
    DumpObjectsCheck::Result run(const FsckOptions& options) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::DumpObjects objects(database);
        db::Deletions deletions(database);
        db::Devices devices(database);
        db::DeviceModels models(database);
        db::FirmwareVersions versions(database);
        db::Coredumps coredumps(database);
        const DumpFiles files(std::nullopt, std::make_shared<objects::Bucket>(store_.config()));
        DumpRecorder recorder(coredumps, files, {2000}, counters_);
        LateRows rows(devices, recorder, files);
        db::DumpMoves moves(database);
        DumpCopies copies(moves, files);
        found_.clear();
        DumpObjectsCheck check(
            {files, objects, deletions, devices, models, versions, rows, copies, counters_,
             [&](std::span<const std::byte>) { return facts_; },
             [&](const Finding& finding) {
                 found_.insert(std::string(name_of(finding.fault)) + ": " + finding.what +
                               (finding.repaired ? "!" : "") +
                               (finding.outcome.empty() ? "" : " " + finding.outcome));
             },
             [&](std::chrono::seconds) {
                 if (meanwhile_) meanwhile_();
             }},
            options);
        return check.run();
    }
    Found fsck(const FsckOptions& options) {
        run(options);
        return found_;
    }

    storage::UploadedDump dump(std::int64_t at, const std::string& bytes = "a core dump",
                               const std::string& device = kKey) const {
        return {DeviceKey::trusted(device),
                ModelCode::trusted("a"),
                Chip::trusted("esp32c3"),
                FirmwareVersion::trusted("1.4.2"),
                Timestamp(std::chrono::microseconds(at)),
                std::nullopt,
                sha256_hex(bytes),
                bytes};
    }
    static std::string key_of(const storage::UploadedDump& dump) {
        return objects::keys::coredump(dump.device, dump_filename(dump.uploaded_at), dump.sha256);
    }
    /// As an upload puts it, before it makes the row.
    std::string put(const storage::UploadedDump& dump) {
        return *DumpFiles(std::nullopt, std::make_shared<objects::Bucket>(store_.config()))
                    .put_object(dump, dump.uploaded_at, ModelCode::trusted("a"))
                    .object;
    }
    void put_bytes(const std::string& key, const std::string& bytes) {
        EXPECT_EQ(bucket_.put(key, bytes, sha256_hex(bytes)), objects::Put::Stored);
    }
    /// The row of an object.
    std::int64_t add_row(const storage::UploadedDump& dump) const {
        const auto id = add_coredump(device_, dump.uploaded_at.time_since_epoch().count());
        sql("UPDATE coredumps SET object = '" + key_of(dump) +
            "', store = bucket_store(), sha256 = '\\x" + dump.sha256 +
            "' WHERE id = " + std::to_string(id));
        return id;
    }
    static std::string objects_of_rows() {
        return sql_value("SELECT string_agg(object, ' ' ORDER BY object) FROM coredumps");
    }

    static constexpr const char* kKey = "abcd1234";
    std::int64_t model_ = add_model("a");
    std::int64_t device_ = add_device(model_, kKey);
    test::S3Server store_;
    objects::Bucket bucket_{store_.config()};
    metrics::Counters counters_;
    DumpFacts facts_;
    std::function<void()> meanwhile_;
    Found found_;
};

TEST_F(FsckObjectsTest, FindsNothingWhereRowsAndObjectsAgree) {
    for (const auto at : {1, 2, 3}) {
        put(dump(at));
        add_row(dump(at));
    }
    const auto result = run(kRepair);
    EXPECT_EQ(found_, Found{});
    EXPECT_TRUE(result.is_complete);
    EXPECT_EQ(store_.keys().size(), 3U);
}

// A database that was restored, or a standby that was behind.
TEST_F(FsckObjectsTest, AnObjectThatLostItsRowGetsItAgain) {
    const auto key = put(dump(5));
    EXPECT_EQ(fsck(kDryRun), Found{"file without row: " + key});
    EXPECT_EQ(objects_of_rows(), "");
    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + key + "! adopted"});
    EXPECT_EQ(objects_of_rows(), key);
    EXPECT_EQ(sql_value("SELECT chip || ' ' || firmware_version || ' ' || size || ' ' || "
                        "encode(sha256, 'hex') FROM coredumps"),
              "esp32c3 1.4.2 11 " + sha256_hex("a core dump"));
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_EQ(store_.keys(), Keys{key});
}

TEST_F(FsckObjectsTest, OnlyWhatWasDeletedOnPurposeIsRemoved) {
    const auto deleted = put(dump(1, "deleted"));
    const auto another = put(dump(1, "another"));
    sql("DELETE FROM coredumps WHERE id = " + std::to_string(add_row(dump(1, "deleted"))));
    EXPECT_EQ(fsck(kDryRun),
              (Found{"file of a deleted core dump: " + deleted, "file without row: " + another}));
    EXPECT_EQ(fsck(kRepair), (Found{"file of a deleted core dump: " + deleted + "! removed",
                                    "file without row: " + another + "! adopted"}));
    EXPECT_EQ(store_.keys(), Keys{another});
}

TEST_F(FsckObjectsTest, ADeletionThatTheStoreDoesNotTakeIsKeptInMind) {
    const auto key = put(dump(1));
    sql("DELETE FROM coredumps WHERE id = " + std::to_string(add_row(dump(1))));
    store_.misbehave({{.what = "status", .operation = "remove"}});
    EXPECT_FALSE(run(kRepair).is_complete);
    EXPECT_EQ(found_, Found{"file of a deleted core dump: " + key + " removed"});
    store_.behave();
    EXPECT_TRUE(run(kRepair).is_complete);
    EXPECT_EQ(store_.keys(), Keys{});
}

TEST_F(FsckObjectsTest, WhatIsYoungIsSomebodysWork) {
    auto young = kRepair;
    young.age = 1h;
    put(dump(1));
    EXPECT_EQ(fsck(young), Found{});
    EXPECT_EQ(store_.keys().size(), 1U);
}

TEST_F(FsckObjectsTest, ARowThatIsMadeMeanwhileIsTheObjects) {
    const auto key = put(dump(1));
    meanwhile_ = [&] { add_row(dump(1)); };
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_EQ(objects_of_rows(), key);
}

// A list may come late: the store is asked for the object before it is missed.
TEST_F(FsckObjectsTest, ARowIsWithoutObjectOnlyIfTheStoreSaysSo) {
    add_row(dump(1));
    const auto key = key_of(dump(1));
    EXPECT_EQ(fsck(kRepair), Found{"row without file: " + key});
    store_.misbehave({{.what = "status", .operation = "head", .status = 503}});
    EXPECT_THROW(run(kRepair), objects::Unavailable);
    EXPECT_EQ(objects_of_rows(), key);
}

TEST_F(FsckObjectsTest, WhatExpiredIsNotBroughtBack) {
    const auto key = put(dump(1));
    const auto id = add_row(dump(1));
    sql("UPDATE coredumps SET file_expired_at = now() WHERE id = " + std::to_string(id));
    EXPECT_EQ(fsck(kRepair), Found{"file that had expired: " + key + "!"});
    EXPECT_EQ(store_.keys(), Keys{});
}

TEST_F(FsckObjectsTest, OfAnUnknownDeviceItGoesAsideAndComesBackWithTheDevice) {
    const auto key = put(dump(1, "a core dump", "ffff0000"));
    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + key + " quarantined: unknown device"});
    EXPECT_EQ(store_.keys(), Keys{"quarantine/" + key});
    EXPECT_EQ(fsck(kRepair), Found{"in quarantine: quarantine/" + key});
    add_device(model_, "ffff0000");
    EXPECT_EQ(fsck(kRepair), Found{"file without row: quarantine/" + key + "! adopted"});
    EXPECT_EQ(store_.keys(), Keys{key});
    EXPECT_EQ(objects_of_rows(), key);
}

TEST_F(FsckObjectsTest, DevicesAreMadeAgainByWhatTheirCoreDumpsTell) {
    sql("DELETE FROM devices; DELETE FROM device_models");
    const auto key = put(dump(1));
    EXPECT_THROW(run(kRepair), ForgottenDatabase);
    EXPECT_EQ(store_.keys(), Keys{key});
    EXPECT_EQ(fsck(kMakeDevices), Found{"file without row: " + key + "! adopted"});
    EXPECT_EQ(sql_value("SELECT d.key || ' ' || m.code FROM devices d JOIN device_models m "
                        "ON m.id = d.device_model_id"),
              "abcd1234 a");
}

// Else whoever imports a spool meanwhile finds some devices unknown, and puts their core dumps
// aside.
TEST_F(FsckObjectsTest, AllDevicesAreMadeBeforeAnyRow) {
    sql("DELETE FROM devices; DELETE FROM device_models");
    sql("CREATE TABLE devices_by_row (devices bigint);"
        "CREATE FUNCTION note_devices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ "
        "BEGIN"
        " INSERT INTO devices_by_row SELECT count(*) FROM devices; RETURN NULL; END $$;"
        "CREATE TRIGGER note_devices AFTER INSERT ON coredumps FOR EACH ROW"
        " EXECUTE FUNCTION note_devices()");
    put(dump(1));
    put(dump(2, "another", "ffff0000"));
    EXPECT_EQ(fsck(kMakeDevices).size(), 2U);
    const auto devices = sql_value("SELECT string_agg(devices::text, ' ') FROM devices_by_row");
    sql("DROP TRIGGER note_devices ON coredumps; DROP FUNCTION note_devices(); DROP TABLE "
        "devices_by_row");
    EXPECT_EQ(devices, "2 2");
}

TEST_F(FsckObjectsTest, WithoutItsHeadItsBytesTell) {
    const auto key = key_of(dump(1));
    put_bytes(key, "a core dump");
    facts_.chip = "esp32s3";
    EXPECT_EQ(fsck(kRepair), Found{"file without row: " + key + "! adopted"});
    EXPECT_EQ(sql_value("SELECT chip || ' ' || firmware_version FROM coredumps"),
              "esp32s3 unknown");
}

TEST_F(FsckObjectsTest, WhatTellsNothingOrIsDamagedGoesAside) {
    const auto mute = key_of(dump(1));
    const auto damaged = key_of(dump(2));
    put_bytes(mute, "a core dump");
    put_bytes(damaged, "a core dumq");
    put_bytes("coredumps/abcd1234/x", "foreign");
    EXPECT_EQ(fsck(kRepair),
              (Found{"file without row: " + mute +
                         " quarantined: it has no label, and does not tell of which chip it is",
                     "file without row: " + damaged + " quarantined: its bytes are damaged",
                     "not ours: coredumps/abcd1234/x"}));
    EXPECT_EQ(store_.keys(),
              (Keys{"coredumps/abcd1234/x", "quarantine/" + mute, "quarantine/" + damaged}));
}

// The copy of a core dump that is on its way into the bucket, or was when its mover died.
TEST_F(FsckObjectsTest, TheCopyOfARowsFileStays) {
    const auto key = put(dump(1));
    const auto id = add_row(dump(1));
    sql("UPDATE coredumps SET object = NULL WHERE id = " + std::to_string(id));
    EXPECT_EQ(fsck(kRepair), Found{});
    EXPECT_EQ(store_.keys(), Keys{key});
}

TEST_F(FsckObjectsTest, WhatWaitsInTheSpoolForLongIsSaid) {
    ObjectSpool spool(bucket_);
    EXPECT_EQ(spool.put(dump(1)), objects::Put::Stored);
    const auto key = store_.keys().at(0);
    EXPECT_EQ(fsck(kRepair), Found{"spooled for long: " + key});
    EXPECT_EQ(store_.keys(), Keys{key});
}

TEST_F(FsckObjectsTest, WhatTheImportPutAsideGoesBackWhenItsDeviceIsThere) {
    ObjectSpool spool(bucket_);
    EXPECT_EQ(spool.put(dump(1, "a core dump", "ffff0000")), objects::Put::Stored);
    const auto key = store_.keys().at(0);
    spool.quarantine(key, spool.read(key)->record);
    const auto aside = store_.keys().at(0);
    EXPECT_NE(aside, key);
    EXPECT_EQ(fsck(kRepair), Found{"in quarantine: " + aside});
    add_device(model_, "ffff0000");
    EXPECT_EQ(fsck(kRepair), Found{"in quarantine: " + aside + "! back into the spool"});
    EXPECT_EQ(store_.keys(), Keys{key});
}

TEST_F(FsckObjectsTest, OneHostAtATime) {
    const auto key = put(dump(1));
    const test::OpenTransaction another(
        "SELECT pg_advisory_lock(hashtextextended('objects of core dumps', 0))");
    EXPECT_FALSE(run(kRepair).is_complete);
    EXPECT_EQ(found_, Found{});
    EXPECT_EQ(objects_of_rows(), "");
}

TEST_F(FsckObjectsTest, MoreThanAPageOfEach) {
    constexpr int kMany = 1003;
    for (int at = 1; at <= kMany; ++at) put(dump(at));
    for (int at = 3; at <= kMany; ++at) add_row(dump(at));
    EXPECT_EQ(fsck(kDryRun), (Found{"file without row: " + key_of(dump(1)),
                                    "file without row: " + key_of(dump(2))}));
    EXPECT_EQ(fsck(kRepair).size(), 2U);
    store_.clear();
    EXPECT_EQ(fsck(kDryRun).size(), static_cast<std::size_t>(kMany));
}

}  // namespace
}  // namespace coredepot::core
