// Taking core dumps into a bucket: what is there and in the database after each way that can end.
// Every test ends with each accepted core dump there exactly once.

#include "object_uploads_test.hpp"

namespace coredepot::core {
namespace {

TEST_F(ObjectUploadsTest, MakeAnObjectAndARow) {
    auto here = host();
    const auto accepted = here.upload("a core dump");
    ASSERT_TRUE(accepted.coredump_id);
    const auto key = "coredumps/abcd1234/" + accepted.filename.str() + '-' +
                     sha256_hex("a core dump").substr(0, 16);
    EXPECT_EQ(sql_value("SELECT object FROM coredumps"), key);
    expect_once(here, "a core dump");

    // What the row says, should it be lost.
    const auto head = here.files().bucket().head(key);
    const auto told = storage::parse_record(head.value().record_head.value() + "\na core dump");
    EXPECT_EQ(told.value().device.str(), kKey);
    EXPECT_EQ(told->model_code.value().str(), "a");
    EXPECT_EQ(dump_filename(told->uploaded_at), accepted.filename);
}

TEST_F(ObjectUploadsTest, WhateverTheStoreDoesEachIsThereOnceInTheEnd) {
    int number = 0;
    for (const auto* what :
         {"status", "hang", "store-hang", "drop", "store-drop", "store-status", "half"}) {
        store().clear();
        store().misbehave({S3Fault{what, "put", 1}});
        auto here = host();
        const auto bytes = "core dump " + std::to_string(++number);
        const auto accepted = here.upload(bytes);
        store().release();
        if (!accepted.coredump_id) {
            EXPECT_EQ(here.waiting(), 1U) << what;
            EXPECT_EQ(here.import_all(), 1U) << what;
            EXPECT_EQ(here.import_all(), 0U) << what;
        }
        EXPECT_EQ(sql_value("SELECT filename FROM coredumps"), accepted.filename.str()) << what;
        expect_once(here, bytes);
        sql("DELETE FROM coredumps");
    }
}

TEST_F(ObjectUploadsTest, WhileTheStoreIsAwayTheyWaitOnThisMachine) {
    auto here = host();
    store().go_down();
    EXPECT_FALSE(here.upload("a core dump").coredump_id);
    EXPECT_EQ(here.waiting(), 1U);
    EXPECT_EQ(here.import_all(), 0U);
    EXPECT_EQ(here.waiting(), 1U);
    store().come_back();
    EXPECT_EQ(here.import_all(), 1U);
    expect_once(here, "a core dump");
}

TEST_F(ObjectUploadsTest, WhileTheDatabaseIsAwayTheyWaitInTheBucketForAnyHost) {
    auto here = host();
    auto there = host();
    const auto accepted = here.upload("a core dump", std::nullopt, kNowhere);
    EXPECT_FALSE(accepted.coredump_id);
    EXPECT_EQ(here.waiting(), 0U);
    EXPECT_EQ(keys("spool"), Keys{"spool/abcd1234/" + accepted.filename.str() + '-' +
                                  sha256_hex("a core dump").substr(0, 16)});
    EXPECT_EQ(there.import_all(), 1U);
    EXPECT_EQ(sql_value("SELECT filename FROM coredumps WHERE came_late"), accepted.filename.str());
    EXPECT_EQ(here.import_all(), 0U);
    expect_once(there, "a core dump");
}

TEST_F(ObjectUploadsTest, WhoseDatabaseIsLostOverTheRowWaitInTheBucket) {
    auto here = host();
    EXPECT_FALSE(here.upload("a core dump", {}, database_url(Role::Writer), kNowhere).coredump_id);
    EXPECT_EQ(keys("coredumps").size(), 1U) << "it is in its place";
    EXPECT_EQ(keys("spool").size(), 1U);
    EXPECT_EQ(here.import_all(), 1U);
    expect_once(here, "a core dump");
}

TEST_F(ObjectUploadsTest, WhileBothAreAwayTheyWaitOnThisMachine) {
    auto here = host();
    store().go_down();
    EXPECT_FALSE(here.upload("a core dump", std::nullopt, kNowhere).coredump_id);
    EXPECT_EQ(here.waiting(), 1U);
    store().come_back();
    EXPECT_EQ(here.import_all(), 1U);
    expect_once(here, "a core dump");
}

TEST_F(ObjectUploadsTest, WhatIsInDoubtInBothPlacesIsThereOnce) {
    auto here = host();
    store().misbehave({S3Fault{"store-drop", "put", 2}});
    // The database is lost over the row, and the store over the record.
    EXPECT_FALSE(here.upload("a core dump", std::nullopt, kNowhere).coredump_id);
    EXPECT_EQ(keys("spool").size(), 1U);
    EXPECT_EQ(here.waiting(), 1U);
    store().behave();
    EXPECT_EQ(here.import_all(), 2U) << "one of them finds the row";
    expect_once(here, "a core dump");
}

TEST_F(ObjectUploadsTest, HostsShareWhatWaitsInTheBucket) {
    constexpr int kDumps = 12;
    auto here = host();
    for (int i = 0; i < kDumps; ++i) here.upload("dump " + std::to_string(i), {}, kNowhere);
    EXPECT_TRUE(test::in_processes(3, [&](int /*process*/) {
        auto there = host();
        there.import_all();
        return true;
    }));
    here.import_all();  // what one of them had claimed when another came by
    EXPECT_EQ(rows(), std::to_string(kDumps));
    EXPECT_EQ(keys("spool"), Keys{});
    expect_objects_of_rows();
}

TEST_F(ObjectUploadsTest, ARepeatLeavesNoObjectOfItsOwn) {
    auto here = host();
    const auto first = here.upload("a core dump", "key");
    const auto again = here.upload("a core dump", "key");
    EXPECT_EQ(again.coredump_id, first.coredump_id);
    EXPECT_EQ(again.filename, first.filename);
    // That of a device that asked another host while the database was away.
    auto there = host();
    there.upload("a core dump", "key", kNowhere);
    EXPECT_EQ(here.import_all(), 1U);
    expect_once(here, "a core dump");
}

TEST_F(ObjectUploadsTest, WhatWaitsHereAndIsSentAgainIsOne) {
    auto here = host();
    store().misbehave({S3Fault{"store-drop", "put", 1}});
    const auto first = here.upload("a core dump", "key");
    EXPECT_FALSE(first.coredump_id);
    const auto again = here.upload("a core dump", "key");
    EXPECT_TRUE(again.coredump_id);
    EXPECT_EQ(again.filename, first.filename);
    here.import_all();
    expect_once(here, "a core dump");
}

TEST_F(ObjectUploadsTest, WhatRetentionEvictsLeavesTheBucket) {
    auto here = host({1});
    here.upload("first");
    here.upload("second");
    expect_once(here, "second");
}

TEST_F(ObjectUploadsTest, WhatIsRefusedLeavesNothing) {
    auto here = host({20}, UploadLimit{1, std::chrono::hours(1)});
    here.upload("first");
    // Only the database's word counts where it may be a repeat: the object is there by then.
    EXPECT_THROW(here.upload("second", "key"), RateLimited);
    expect_once(here, "first");
    here.upload("third", std::nullopt, kNowhere);
    EXPECT_THROW(here.upload("fourth", std::nullopt, kNowhere), RateLimited);
    EXPECT_EQ(keys("spool").size(), 1U);
}

TEST_F(ObjectUploadsTest, WhatOneDeviceHasWaitingOnAMachineIsBounded) {
    auto here = host({20}, UploadLimit{2, std::chrono::hours(1)});
    store().go_down();
    here.upload("first");
    here.upload("second");
    EXPECT_THROW(here.upload("third"), RateLimited);
    store().come_back();
    EXPECT_EQ(here.import_all(), 2U);
    expect_objects_of_rows();
}

TEST_F(ObjectUploadsTest, WhatHasNoDeviceIsPutAside) {
    auto here = host();
    here.upload("a core dump", std::nullopt, kNowhere);
    sql("DELETE FROM devices");
    add_device(add_model("b"), "zzzzzzzz");
    EXPECT_EQ(here.import_all(), 0U);
    EXPECT_EQ(keys("spool"), Keys{});
    EXPECT_EQ(keys("coredumps"), Keys{});
    ASSERT_EQ(keys("quarantine").size(), 1U);
    const auto record = here.files().bucket().get(keys("quarantine").front(), 10'000);
    EXPECT_EQ(storage::parse_record(record.value()).value().bytes, "a core dump");
}

TEST_F(ObjectUploadsTest, ADatabaseThatForgotAllDevicesRefusesNothing) {
    auto here = host();
    here.upload("first");
    sql("TRUNCATE device_models CASCADE");
    EXPECT_FALSE(here.upload("second").coredump_id);
    EXPECT_EQ(keys("spool").size(), 1U);
}

// As two hosts do it, in one microsecond.
TEST_F(ObjectUploadsTest, OfOneNameAreTwoObjectsAndTheSecondMovesOn) {
    auto here = host();
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::Coredumps rows(database);
    metrics::Counters counters;
    const auto files = here.files();
    DumpRecorder recorder(rows, files, {20}, counters);
    const auto at = now();
    for (const std::string bytes : {"first", "other"}) {
        const storage::UploadedDump dump{DeviceKey::trusted(kKey),
                                         std::nullopt,
                                         Chip::trusted("esp32c3"),
                                         FirmwareVersion::trusted("1.0"),
                                         at,
                                         std::nullopt,
                                         sha256_hex(bytes),
                                         bytes};
        const auto place = [&](Timestamp when) {
            return files.put_object(dump, when, ModelCode::trusted("a"));
        };
        const auto placed = place(at);
        db::NewCoredump row{device_, placed.filename, dump.chip, dump.firmware_version, 5,
                            at,      dump.sha256};
        row.object = placed.object;
        EXPECT_EQ(recorder.record(dump.device, row, place, {}).index(), 0U);
    }
    EXPECT_EQ(ObjectUploadsTest::rows(), "2");
    expect_objects_of_rows();
}

TEST_F(ObjectUploadsTest, WhatIsDeletedLeavesTheBucket) {
    auto here = host();
    const auto first = here.upload("first").coredump_id.value();
    here.upload("second");
    here.upload("third");
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::Devices devices(database);
    db::DeviceModels models(database);
    db::Coredumps rows(database);
    Coredumps coredumps(devices, rows, here.files());
    coredumps.remove(device_, first);
    EXPECT_EQ(keys("coredumps").size(), 2U);
    expect_objects_of_rows();
    coredumps.remove_all(device_);
    EXPECT_EQ(keys("coredumps"), Keys{});
    here.upload("fourth");
    Devices(devices, models, here.files()).remove(device_);
    EXPECT_EQ(keys("coredumps"), Keys{});
}

TEST_F(ObjectUploadsTest, ADeletionWhileTheStoreIsAwayIsOne) {
    auto here = host();
    const auto id = here.upload("a core dump").coredump_id.value();
    db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
    db::Devices devices(database);
    db::Coredumps rows(database);
    here.upload("another");
    here.upload("a third");
    store().misbehave({S3Fault{"hang", "remove"}});
    Coredumps coredumps(devices, rows, here.files());
    coredumps.remove(device_, id);
    coredumps.remove_all(device_);
    EXPECT_EQ(store().waiting(), 1) << "what hangs once is not asked again at once";
    store().release();
    EXPECT_EQ(ObjectUploadsTest::rows(), "0");
    EXPECT_EQ(sql_value("SELECT count(*) FROM deleted_coredumps"), "3") << "for coredepot-fsck";
}

}  // namespace
}  // namespace coredepot::core
