// The rows of core dumps: retention, lists, deletion.

#include "coredumps_test.hpp"

#include <algorithm>

namespace coredepot::db {
namespace {

using Retention = CoredumpsTest;

TEST_F(Retention, WithinTheLimitNothingGoes) {
    for (std::int64_t i = 1; i <= 3; ++i) EXPECT_TRUE(store(device_, i, 4).evicted.empty());
    EXPECT_EQ(ids_of(device_).size(), 3U);
}

TEST_F(Retention, AtTheLimitNothingGoes) {
    for (std::int64_t i = 1; i <= 3; ++i) EXPECT_TRUE(store(device_, i, 3).evicted.empty());
    EXPECT_EQ(ids_of(device_).size(), 3U);
}

TEST_F(Retention, BeyondItTheOldestGoes) {
    for (std::int64_t i = 1; i <= 3; ++i) store(device_, i, 3);
    EXPECT_EQ(store(device_, 4, 3).evicted, files({filename_at(1)}));
    EXPECT_EQ(store(device_, 5, 3).evicted, files({filename_at(2)}));
    EXPECT_EQ(ids_of(device_), (Ids{5, 4, 3}));
}

TEST_F(Retention, ALoweredLimitTakesEffectAtTheNextUpload) {
    for (std::int64_t i = 1; i <= 5; ++i) store(device_, i, 5);
    auto evicted = store(device_, 6, 2).evicted;
    std::ranges::sort(evicted);
    EXPECT_EQ(evicted, files({filename_at(1), filename_at(2), filename_at(3), filename_at(4)}));
    EXPECT_EQ(ids_of(device_), (Ids{6, 5}));
}

TEST_F(Retention, ALimitOfOneKeepsTheNewOne) {
    store(device_, 1, 1);
    EXPECT_EQ(store(device_, 2, 1).evicted, files({filename_at(1)}));
    EXPECT_EQ(ids_of(device_), Ids{2});
}

TEST_F(Retention, OtherDevicesAreUntouched) {
    store(other_, 1, 2);
    store(other_, 2, 2);
    for (std::int64_t i = 3; i <= 6; ++i) store(device_, i, 1);
    EXPECT_EQ(ids_of(other_), (Ids{2, 1}));
}

TEST_F(Retention, AClockThatWasSetBackDoesNotCostTheNewDump) {
    for (std::int64_t i = 101; i <= 103; ++i) store(device_, i, 3);
    const auto stored = store(device_, 1, 3);
    EXPECT_EQ(stored.evicted, files({filename_at(101)}));
    EXPECT_EQ(ids_of(device_), (Ids{3, 2, stored.id}));
    EXPECT_EQ(sql_value("SELECT (extract(epoch FROM last_coredump_at) * 1000000)::bigint "
                        "FROM devices WHERE id = " +
                        std::to_string(device_)),
              "103");
}

// The clock of a web host, and that of everybody.
TEST_F(Retention, AClockThatWasAheadCostsNoneThatCameAfter) {
    for (const auto* rows_too : {"0 days", "1 day"}) {
        sql("TRUNCATE coredumps");
        const auto tomorrow = in_days(1);
        for (int i = 1; i <= 3; ++i) store(device_, tomorrow + i, 3);
        sql(std::string("UPDATE coredumps SET created_at = created_at + interval '") + rows_too +
            '\'');
        const auto today = in_days(0);
        for (int i = 1; i <= 3; ++i) {
            EXPECT_EQ(store(device_, today + i, 3).evicted, files({filename_at(tomorrow + i)}));
        }
        EXPECT_EQ(store(device_, today + 4, 3).evicted, files({filename_at(today + 1)}));
    }
}

TEST_F(Retention, AClockThatWasSetBackCostsNoneThatCameAfterEither) {
    for (std::int64_t i = 101; i <= 103; ++i) store(device_, i, 3);
    for (std::int64_t i = 1; i <= 3; ++i) {
        EXPECT_EQ(store(device_, i, 3).evicted, files({filename_at(100 + i)}));
    }
    EXPECT_EQ(store(device_, 4, 3).evicted, files({filename_at(1)}));
}

TEST_F(Retention, WhatCameLateIsAsOldAsItIs) {
    const auto yesterday = in_days(-1);
    store(device_, in_days(0), 3);
    store_late(device_, yesterday, 3);
    store(device_, in_days(0), 3);
    EXPECT_EQ(store(device_, in_days(0), 3).evicted, files({filename_at(yesterday)}));
    EXPECT_EQ(store_late(device_, yesterday + 1, 4).evicted, files({}));
    EXPECT_EQ(store_late(device_, yesterday + 2, 4).evicted, files({filename_at(yesterday + 1)}))
        << "not one of those that came since";
}

TEST_F(Retention, WhatCameLateIsNoOlderForAClockThatWasAhead) {
    const auto tomorrow = in_days(1);
    for (int i = 1; i <= 2; ++i) store(device_, tomorrow + i, 4);
    sql("UPDATE coredumps SET created_at = created_at + interval '1 day'");
    store_late(device_, tomorrow + 3, 4);  // spooled by the same clock
    const auto today = in_days(0);
    store_late(device_, today, 4);
    EXPECT_EQ(store(device_, today + 1, 4).evicted, files({filename_at(tomorrow + 1)}));
    EXPECT_EQ(store(device_, today + 2, 4).evicted, files({filename_at(tomorrow + 2)}));
}

TEST_F(Retention, OfTheSameMomentTheLaterRowIsNewer) {
    // Two names for one moment, as no upload makes them, but as a restore might.
    store(device_, 1, 2);
    auto second = dump(device_, 2);
    second.uploaded_at = Timestamp(std::chrono::microseconds(1));
    coredumps_.store(second, {2});
    EXPECT_EQ(store(device_, 3, 2).evicted, files({filename_at(1)}));
}

TEST_F(Retention, ADeviceThatIsGoneGetsNothing) {
    EXPECT_TRUE(std::holds_alternative<DeviceGone>(coredumps_.store(dump(99, 1), {20})));
    EXPECT_EQ(sql_value("SELECT count(*) FROM coredumps"), "0");
}

TEST_F(Retention, TheSameCallTwiceMakesOneRow) {
    const auto first = store(device_, 1, 20);
    const auto again = store(device_, 1, 20);
    EXPECT_EQ(again.id, first.id);
    EXPECT_TRUE(again.evicted.empty());
    EXPECT_EQ(ids_of(device_), Ids{first.id});
}

TEST_F(Retention, ADeviceIsFoundByItsKeyAndModel) {
    const auto named = [&](std::int64_t at, const char* key, const char* model) {
        auto coredump = dump(NewCoredump::kByKey, at);
        coredump.device = DeviceOfModel{DeviceKey::trusted(key), ModelCode::trusted(model)};
        return coredump;
    };
    const auto key = sql_value("SELECT key FROM devices WHERE id = " + std::to_string(device_));
    for (const auto retention : {coredepot::Retention::Oldest, coredepot::Retention::Diverse}) {
        for (const auto& nobody : {named(1, key.c_str(), "other"), named(1, "nobody00", "a")}) {
            EXPECT_TRUE(
                std::holds_alternative<DeviceGone>(coredumps_.store(nobody, {20, retention})));
        }
    }
    EXPECT_EQ(ids_of(device_), Ids{});
    const auto first = std::get<StoredCoredump>(coredumps_.store(named(1, key.c_str(), "a"), {20}));
    const auto again = std::get<StoredCoredump>(coredumps_.store(named(1, key.c_str(), "a"), {20}));
    EXPECT_EQ(again.id, first.id) << "the same call twice";
    auto other_size = named(1, key.c_str(), "a");
    other_size.size = 101;
    EXPECT_TRUE(std::holds_alternative<NameTaken>(coredumps_.store(other_size, {20})));
    const auto diverse = std::get<StoredCoredump>(
        coredumps_.store(named(2, key.c_str(), "a"), {1, coredepot::Retention::Diverse}));
    EXPECT_EQ(diverse.evicted, files({filename_at(1)}));
    EXPECT_EQ(ids_of(device_), Ids{diverse.id});
}

TEST_F(Retention, ManyMayBeKept) {
    for (int i = 1; i <= 3; ++i) store(device_, i, 1'000'000);
    EXPECT_EQ(store(device_, 4, 2).evicted.size(), 2U);
}

// However many core dumps there are: plans that are made while there are none are kept.
TEST_F(Retention, AnUploadLooksAtTheRowsOfItsDeviceAlone) {
    sql("INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at) "
        "SELECT " +
        std::to_string(other_) +
        ", 'coredump_20260211T143000_' || "
        "lpad(i::text, 6, '0') || 'Z.dmp', 'esp32', '1', 1, now() FROM generate_series(1, 3000) i");
    for (int i = 1; i <= 5; ++i) store(device_, i, 20);
    sql("SELECT pg_stat_force_next_flush()");  // or it counts what this session did before, too
    const auto looked_at = sql_value(
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
        "SET enable_bitmapscan = off;"
        "SELECT * FROM record_upload('0', '0', " +
        std::to_string(device_) + ", '" + filename_at(6).str() +
        "', 'esp32', '1', 1, NULL, now(), 5, NULL);"
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables "
        "WHERE relname = 'coredumps'");
    EXPECT_LE(std::stoi(looked_at), 20) << "six of the device, and the evicted one once more";
    EXPECT_EQ(ids_of(device_).size(), 5U);
}

TEST_F(Retention, TheSameNameForAnotherDumpChangesNothing) {
    store(device_, 1, 20);
    auto other_size = dump(device_, 1);
    other_size.size = 101;
    EXPECT_TRUE(std::holds_alternative<NameTaken>(coredumps_.store(other_size, {20})));
    EXPECT_EQ(ids_of(device_).size(), 1U);
    EXPECT_NO_THROW(store(other_, 1, 20));
}

TEST_F(Retention, AnUploadTellsTheDeviceWhen) {
    store(device_, 5, 20);
    store(device_, 7, 20);
    store(device_, 6, 20);
    EXPECT_EQ(sql_value("SELECT (extract(epoch FROM last_coredump_at) * 1000000)::bigint "
                        "FROM devices WHERE id = " +
                        std::to_string(device_)),
              "7");
    EXPECT_EQ(
        sql_value("SELECT last_coredump_at FROM devices WHERE id = " + std::to_string(other_)), "");
}

TEST_F(Retention, ParallelUploadsOfOneDeviceNeverExceedTheLimit) {
    constexpr int kProcesses = 16;
    constexpr int kEach = 12;
    constexpr int kKeep = 5;
    for (std::int64_t i = 1; i <= 3; ++i) add_coredump(other_, i);
    sql("CREATE TABLE IF NOT EXISTS evictions (filename text PRIMARY KEY)");
    sql("TRUNCATE evictions");
    const auto upload_and_look = [&](int process) {
        Database database(database_url(Role::Writer), "test", Mode::ReadWrite);
        Coredumps coredumps(database);
        for (int i = 0; i < kEach; ++i) {
            const auto stored = std::get<StoredCoredump>(
                coredumps.store(dump(device_, 1000 + i * kProcesses + process), {kKeep}));
            // A primary key: no file is evicted twice.
            for (const auto& evicted : stored.evicted) {
                sql("INSERT INTO evictions VALUES ('" + evicted.filename.str() + "')");
            }
            EXPECT_LE(coredumps.of_device(device_).size(), std::size_t{kKeep});
        }
        return true;
    };
    EXPECT_TRUE(test::in_processes(kProcesses, upload_and_look));
    EXPECT_EQ(ids_of(device_).size(), std::size_t{kKeep});
    EXPECT_EQ(ids_of(other_).size(), 3U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM evictions"),
              std::to_string(kProcesses * kEach - kKeep));
    sql("DROP TABLE evictions");
}

TEST_F(Retention, UploadsOfManyDevicesDoNotWaitForEachOther) {
    const test::OpenTransaction lock("SELECT FROM devices WHERE id = " + std::to_string(other_) +
                                     " FOR UPDATE");
    EXPECT_EQ(store(device_, 1, 20).id, 1);
}

TEST_F(CoredumpsTest, NewestFirst) {
    const auto second = add_coredump(device_, 2);
    const auto first = add_coredump(device_, 1);
    const auto third = add_coredump(device_, 3);
    add_coredump(other_, 4);
    EXPECT_EQ(ids_of(device_), (Ids{third, second, first}));
    EXPECT_EQ(ids_of(99), Ids{});
}

TEST_F(CoredumpsTest, FindsWhatWasStored) {
    auto coredump = dump(device_, 1'770'820'200'123'456);
    coredump.size = 1'048'576;
    const auto id = std::get<StoredCoredump>(coredumps_.store(coredump, {20})).id;
    const auto found = coredumps_.find(device_, id).value();
    EXPECT_EQ(found.summary.id, id);
    EXPECT_EQ(found.summary.device_id, device_);
    EXPECT_EQ(found.summary.filename.str(), "coredump_20260211T143000_123456Z.dmp");
    EXPECT_EQ(found.summary.chip, "esp32c3");
    EXPECT_EQ(found.summary.firmware_version, "1.0");
    EXPECT_EQ(found.summary.size, 1'048'576);
    EXPECT_EQ(found.summary.parse_status, ParseStatus::Pending);
    EXPECT_EQ(found.summary.uploaded_at, coredump.uploaded_at);
    EXPECT_FALSE(found.summary.parsed_at);
    EXPECT_FALSE(found.parsed_output);
    EXPECT_EQ(found.updated_at, found.summary.created_at);
}

TEST_F(CoredumpsTest, ADumpOfAnotherDeviceIsNotThere) {
    const auto id = add_coredump(other_, 1);
    EXPECT_FALSE(coredumps_.find(device_, id));
    EXPECT_FALSE(coredumps_.remove(device_, id));
    EXPECT_FALSE(coredumps_.remove_some(device_, std::nullopt).last);
    EXPECT_TRUE(coredumps_.find(other_, id));
    EXPECT_FALSE(coredumps_.find(other_, id + 1));
}

TEST_F(CoredumpsTest, RemoveOne) {
    const auto first = add_coredump(device_, 1);
    const auto second = add_coredump(device_, 2);
    EXPECT_EQ(coredumps_.remove(device_, first), DumpFile{filename_at(1)});
    EXPECT_FALSE(coredumps_.remove(device_, first));
    EXPECT_EQ(ids_of(device_), Ids{second});
}

TEST_F(CoredumpsTest, WhatIsInTheBucketIsToldWithItsKey) {
    const auto object_at = [&](std::int64_t at) {
        auto object = dump(device_, at);
        object.object = "coredumps/" + std::to_string(at);
        return object;
    };
    const auto stored = std::get<StoredCoredump>(coredumps_.store(object_at(1), {1}));
    EXPECT_EQ(coredumps_.file(device_, stored.id)->file, (DumpFile{filename_at(1), "coredumps/1"}));
    EXPECT_EQ(sql_value("SELECT store = bucket_store() FROM coredumps"), "t");

    // The answer was lost, and the file is elsewhere by now.
    EXPECT_EQ(std::get<StoredCoredump>(coredumps_.store(dump(device_, 1), {1})).file,
              (DumpFile{filename_at(1), "coredumps/1"}));

    for (const auto retention : {coredepot::Retention::Oldest, coredepot::Retention::Diverse}) {
        const auto before =
            std::stoll(sql_value("SELECT max(microseconds(uploaded_at)) FROM coredumps"));
        EXPECT_EQ(
            std::get<StoredCoredump>(coredumps_.store(object_at(before + 1), {1, retention}))
                .evicted,
            (std::vector{DumpFile{filename_at(before), "coredumps/" + std::to_string(before)}}));
    }
    EXPECT_EQ(coredumps_.remove_some(device_, std::nullopt).files,
              (std::vector{DumpFile{filename_at(3), "coredumps/3"}}));
    const auto last = std::get<StoredCoredump>(coredumps_.store(object_at(4), {1})).id;
    EXPECT_EQ(coredumps_.remove(device_, last), (DumpFile{filename_at(4), "coredumps/4"}));
}

// Upgrades run while the programs of the version before serve.
TEST_F(CoredumpsTest, TheFunctionOfTheVersionBeforeRecordsFiles) {
    sql("SELECT * FROM record_coredump('0', '0', " + std::to_string(device_) + ", '" +
        filename_at(1).str() + "', 'esp32', '1', 1, NULL, now(), NULL, false, 1, false)");
    EXPECT_EQ(sql_value("SELECT object IS NULL AND store = own_store() FROM coredumps"), "t");
}

TEST_F(CoredumpsTest, RemoveAllOfADevice) {
    add_coredump(device_, 1);
    add_coredump(device_, 2);
    add_coredump(other_, 3);
    auto removed = coredumps_.remove_some(device_, std::nullopt).files;
    std::ranges::sort(removed);
    EXPECT_EQ(removed, files({filename_at(1), filename_at(2)}));
    EXPECT_FALSE(coredumps_.remove_some(device_, std::nullopt).last);
    EXPECT_EQ(ids_of(other_).size(), 1U);
}

TEST_F(CoredumpsTest, RemoveAllAndUploadsOfTheDeviceDoNotDeadlock) {
    EXPECT_TRUE(test::in_processes(8, [&](int process) {
        Database database(database_url(Role::Writer), "test", Mode::ReadWrite);
        Coredumps coredumps(database);
        for (int i = 0; i < 20; ++i) {
            if (process % 2 == 0) {
                coredumps.remove_some(device_, std::nullopt);
            } else {
                coredumps.store(dump(device_, 1000 + i * 8 + process), {3});
            }
        }
        return true;
    }));
    EXPECT_LE(ids_of(device_).size(), 3U);
}

}  // namespace
}  // namespace coredepot::db
