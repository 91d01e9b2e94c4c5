// Taking core dumps in: what is on the disk and in the database after each way that can end.

#include "uploads_test.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace coredepot::core {
namespace {

TEST_F(UploadsTest, MakeAFileAndARow) {
    const auto accepted = accept(uploads_);
    EXPECT_EQ(files(), Names{accepted.filename.str()});
    const auto row = coredumps_.find(device_, accepted.coredump_id.value()).value();
    EXPECT_EQ(row.summary.filename, accepted.filename);
    EXPECT_EQ(row.summary.chip, "esp32c3");
    EXPECT_EQ(row.summary.firmware_version, "1.0");
    EXPECT_EQ(row.summary.size, 11);
    EXPECT_EQ(row.summary.parse_status, ParseStatus::Pending);
    EXPECT_EQ("coredump_" + to_compact(row.summary.uploaded_at) + ".dmp", accepted.filename.str());
    EXPECT_EQ(sql_value("SELECT encode(sha256, 'hex') FROM coredumps"), sha256_hex("a core dump"));
}

// As two hosts do it that have a folder each: here the file of the first is elsewhere.
TEST_F(UploadsTest, OfOneMicrosecondAndOneSizeAreTwoRecords) {
    const auto at = now();
    const storage::DumpStore store(dumps_.path());
    const DumpFiles places(store);
    DumpRecorder recorder(coredumps_, places, {3}, counters_);
    const auto record = [&](const std::string& bytes, const UploadLimit& limit = {}) {
        const auto key = DeviceKey::trusted(kKey);
        const DumpLabel label{Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.0"),
                              std::nullopt, std::nullopt};
        const auto place = [&](Timestamp when) { return store.store(key, when, bytes, label); };
        const auto file = place(at);
        db::NewCoredump coredump{device_,
                                 file.filename,
                                 Chip::trusted("esp32c3"),
                                 FirmwareVersion::trusted("1.0"),
                                 static_cast<std::int64_t>(bytes.size()),
                                 file.stored_at,
                                 sha256_hex(bytes)};
        const auto outcome = recorder.record(key, coredump, place, limit);
        return std::pair(outcome, coredump);
    };
    const auto first = record("aaaa").second;
    std::filesystem::remove(dumps_ / kKey / first.filename.str());
    const auto [outcome, second] = record("bbbb");
    EXPECT_EQ(std::get<db::StoredCoredump>(outcome).file.filename, second.filename);
    EXPECT_EQ(second.filename, dump_filename(at + std::chrono::microseconds(1)));
    EXPECT_EQ(second.uploaded_at, at + std::chrono::microseconds(1));
    EXPECT_EQ(rows(), "2");
    EXPECT_EQ(files(), Names{second.filename.str()}) << "the other's name was left alone";
    EXPECT_EQ(test::content_of(dumps_ / kKey / second.filename.str()), "bbbb");

    // Where it may not have a row either, the caller knows which file it is.
    sql("UPDATE devices SET upload_budget_full_at = clock_timestamp() + interval '23 hours'");
    const auto [refused, third] = record("cccc", {1, std::chrono::hours(24)});
    EXPECT_TRUE(std::holds_alternative<db::OverLimit>(refused));
    EXPECT_EQ(third.filename, dump_filename(at + std::chrono::microseconds(2)));
    EXPECT_EQ(files(), (Names{second.filename.str(), third.filename.str()}));
}

TEST_F(UploadsTest, AreRefusedInTheOrderThatTheApiPromises) {
    EXPECT_EQ(refusal(std::nullopt, std::nullopt, "unknown!", ""),
              "Missing required query parameter: chip");
    EXPECT_EQ(refusal("", std::nullopt), "Missing required query parameter: chip");
    EXPECT_EQ(refusal("ESP32", std::nullopt), "Missing required query parameter: firmware_version");
    EXPECT_EQ(refusal("ESP32", "../1", "unknown!"), "Invalid query parameter: chip");
    EXPECT_EQ(refusal("esp32", "../1", "unknown!"), "Invalid query parameter: firmware_version");
    EXPECT_EQ(refusal<NotFound>("esp32", "1.0", "unknown!", ""), "Device unknown! was not found");
    EXPECT_EQ(refusal<NotFound>("esp32", "1.0", "../../..", ""), "Device ../../.. was not found");
    EXPECT_EQ(refusal("esp32", "1.0", kKey, ""), "No coredump content provided");
    EXPECT_EQ(names_in(dumps_.path()), Names{});
    EXPECT_EQ(rows(), "0");
}

TEST_F(UploadsTest, ADeviceOfAnotherModelThanItsTokenNamesIsRefused) {
    const auto accept_as = [&](const char* model) {
        return uploads_.accept({{kKey, ModelCode::trusted(model)}, "esp32c3", "1.0"},
                               [] { return std::string("x"); });
    };
    EXPECT_THROW(accept_as("b"), NotAllowed);
    EXPECT_EQ(rows(), "0");
    EXPECT_EQ(files(), Names{});
    EXPECT_NO_THROW(accept_as("a"));
}

TEST_F(UploadsTest, AnIdempotencyKeyIsPrintable) {
    const auto accept_under = [&](const std::string& key) {
        return uploads_.accept({{kKey}, "esp32c3", "1.0", key}, [] { return std::string("x"); });
    };
    for (const auto& bad : {std::string(), std::string(256, 'k'), std::string("a\tb"),
                            std::string("a\0b", 3), std::string("\xc3\xa9"), std::string("\x7f")}) {
        EXPECT_THROW(accept_under(bad), ValidationFailed) << bad;
    }
    EXPECT_EQ(rows(), "0");
    EXPECT_NO_THROW(accept_under(std::string(255, '~')));
    EXPECT_NO_THROW(accept_under("\"a b\""));
}

TEST_F(UploadsTest, TheBodyIsReadLast) {
    EXPECT_THROW(uploads_.accept({{"00000000"}, "esp32", "1.0"},
                                 []() -> std::string {
                                     ADD_FAILURE() << "read the body of an unknown device";
                                     return "x";
                                 }),
                 NotFound);
}

TEST_F(UploadsTest, WithoutAFolderTheyAreRefused) {
    Uploads nowhere(devices_, coredumps_, std::nullopt, {3}, counters_);
    try {
        accept(nowhere);
        FAIL();
    } catch (const InvalidOperation& error) {
        EXPECT_STREQ(error.what(),
                     "Cannot upload coredump because COREDUMPS_DIR is not configured");
    }
    EXPECT_EQ(rows(), "0");
}

TEST_F(UploadsTest, RetentionTakesFilesAfterTheirRows) {
    Names names;
    names.reserve(5);
    for (int i = 0; i < 5; ++i) names.push_back(accept(uploads_).filename.str());
    EXPECT_EQ(files(), Names(names.begin() + 2, names.end()));
    EXPECT_EQ(rows(), "3");
    EXPECT_EQ(counters_.events(metrics::Event::CoredumpEvicted), 2U);
}

TEST_F(UploadsTest, AFileThatRetentionFindsMissingIsNoError) {
    for (int i = 0; i < 3; ++i) accept(uploads_);
    for (const auto& name : files()) remove(dumps_ / kKey / name);
    accept(uploads_);
    EXPECT_EQ(files().size(), 1U);
    EXPECT_EQ(rows(), "3");
}

TEST_F(UploadsTest, ADatabaseThatIsNotThereGetsThemLater) {
    db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
    db::Devices devices(nowhere);
    db::Coredumps coredumps(nowhere);
    Uploads uploads(devices, coredumps, test::disk(dumps_.path()), {3}, counters_);
    const auto accepted = accept(uploads);
    EXPECT_FALSE(accepted.coredump_id);
    EXPECT_EQ(files(), Names{});
    EXPECT_EQ(spooled(), Names{spool_name(accepted)});
}

TEST_F(UploadsTest, ADatabaseThatGoesAwayBeforeTheRowIsMadeGetsThemLater) {
    db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
    db::Coredumps lost(nowhere);
    Uploads uploads(devices_, lost, test::disk(dumps_.path()), {3}, counters_);
    const auto accepted = accept(uploads);
    EXPECT_EQ(files(), Names{accepted.filename.str()});
    EXPECT_EQ(spooled(), Names{spool_name(accepted)});
}

// Every microsecond of a while is taken by one that waits, so an upload in that while meets one. A
// slow machine needs longer to make them, and a longer while to meet one.
TEST_F(UploadsTest, TheMomentOfOneThatWaitsIsNotGivenAgain) {
    using namespace std::chrono_literals;
    std::chrono::microseconds ahead = 500ms;
    std::chrono::microseconds length = 5ms;
    db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
    db::Coredumps lost(nowhere);
    Uploads unrecorded(devices_, lost, test::disk(dumps_.path()), {3}, counters_);
    accept(unrecorded);
    const auto part = test::files_below(dumps_ / ".spool").at(0).parent_path();
    const auto upload_meanwhile = [&] {
        const auto begin = now() + ahead;
        const auto end = begin + length;
        for (auto at = begin; at < end; at += 1us) {
            test::write_file(part / (kKey + ('-' + to_compact(at)) + ".spool"), "");
        }
        if (now() >= begin) {
            ahead *= 2;
            return false;
        }
        bool met = false;
        for (auto sent = now(); sent < end; sent = now()) {
            const auto name = accept(uploads_).filename;
            const auto moment = uploaded_at(name).value();
            EXPECT_TRUE(moment < begin || moment >= end) << name.str();
            met |= sent >= begin;
        }
        if (!met) length = std::min(2 * length, std::chrono::microseconds(40ms));
        return met;
    };
    EXPECT_TRUE(test::eventually(upload_meanwhile));
}

TEST_F(UploadsTest, ADatabaseThatIsReadOnlyGetsThemLater) {
    sql("ALTER ROLE coredepot_writer SET default_transaction_read_only = on");
    const auto accepted = accept(uploads_);
    sql("ALTER ROLE coredepot_writer RESET default_transaction_read_only");
    EXPECT_FALSE(accepted.coredump_id);
    EXPECT_EQ(files(), Names{accepted.filename.str()});
    EXPECT_EQ(spooled(), Names{spool_name(accepted)});
    // It asks on a new connection, which may be one to another server.
    EXPECT_TRUE(test::eventually([&] { return accept(uploads_).coredump_id.has_value(); }));
}

TEST_F(UploadsTest, WhateverTheDatabaseRefusesIsKept) {
    // As after an upgrade whose schema was not deployed.
    sql("REVOKE SELECT ON coredumps FROM coredepot_writer");
    const auto accepted = accept(uploads_);
    sql("GRANT SELECT ON coredumps TO coredepot_writer");
    EXPECT_FALSE(accepted.coredump_id);
    EXPECT_EQ(spooled(), Names{spool_name(accepted)});
    EXPECT_EQ(rows(), "0");
}

TEST_F(UploadsTest, WithoutRoomInTheSpoolTheyAreRefusedAndNothingIsLeft) {
    db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
    db::Coredumps lost(nowhere);
    Uploads uploads(devices_, lost, test::disk(dumps_.path(), 100), {3}, counters_);
    EXPECT_THROW(accept(uploads), os::StorageError);
    EXPECT_EQ(files(), Names{});
    EXPECT_EQ(spooled(), Names{});
}

TEST_F(UploadsTest, OfOneDeviceABurstFitsIntoTheSpool) {
    db::Database nowhere("postgresql://x@127.0.0.1:1/x", "test", db::Mode::ReadWrite);
    db::Devices devices(nowhere);
    db::Coredumps coredumps(nowhere);
    const auto spool_with = [&](const UploadLimit& limit, const std::string& key) {
        return Uploads(devices, coredumps, test::disk(dumps_.path()), {3}, counters_, limit)
            .accept({{key}, "esp32c3", "1.0"}, [] { return "x"; });
    };
    const auto limit = UploadLimit::per_minute(60, 2);
    for (int i = 0; i < 2; ++i) EXPECT_NO_THROW(spool_with(limit, kKey));
    EXPECT_THROW(spool_with(limit, kKey), RateLimited);
    EXPECT_NO_THROW(spool_with(limit, "00000000"));
    EXPECT_NO_THROW(spool_with(UploadLimit::per_minute(0, 2), kKey));
    EXPECT_EQ(spooled().size(), 4U);
}

TEST_F(UploadsTest, AnOutageThatTakesItsTimeIsRemembered) {
    test::DatabaseProxy proxy;
    db::Database database(proxy.url(), "test", db::Mode::ReadWrite, std::chrono::seconds(3));
    db::Devices devices(database);
    db::Coredumps coredumps(database);
    Uploads uploads(devices, coredumps, test::disk(dumps_.path()), {3}, counters_);
    EXPECT_TRUE(accept(uploads).coredump_id);
    std::atomic<bool> over = false;
    proxy.lose_answer([] { return true; }, [&] { return over.load(); });
    EXPECT_FALSE(accept(uploads).coredump_id);
    over = true;
    // There is a server again, which nobody asks yet: it would not have been for long.
    EXPECT_FALSE(accept(uploads).coredump_id);
    EXPECT_EQ(spooled().size(), 2U);
}

TEST_F(UploadsTest, AFailedWriteLeavesNoRow) {
    Uploads uploads(devices_, coredumps_, test::disk(dumps_ / "missing"), {3}, counters_);
    EXPECT_THROW(accept(uploads), os::StorageError);
    EXPECT_EQ(rows(), "0");
}

TEST_F(UploadsTest, ADeviceThatIsDeletedMeanwhileGetsNoFile) {
    EXPECT_THROW(uploads_.accept({{kKey}, "esp32", "1.0"},
                                 []() -> std::string {
                                     sql("DELETE FROM devices");
                                     return "x";
                                 }),
                 NotFound);
    EXPECT_EQ(files(), Names{});
}

TEST_F(UploadsTest, LostOnceTheRowIsMadeAtTheSecondTry) {
    auto lock = std::make_unique<test::OpenTransaction>("SELECT FROM devices FOR UPDATE");
    std::thread killer([&] {
        EXPECT_TRUE(test::eventually([] { return waiting_for_locks() > 0; }));
        terminate_connections(Role::Writer);
        EXPECT_TRUE(test::eventually([] { return waiting_for_locks() > 0; }));
        lock.reset();
    });
    const auto accepted = accept(uploads_);
    killer.join();
    EXPECT_EQ(files(), Names{accepted.filename.str()});
    EXPECT_EQ(rows(), "1");
}

TEST_F(UploadsTest, LostTwiceItIsInDoubtAndTheFileStaysBesideTheSpooledOne) {
    const test::OpenTransaction lock("SELECT FROM devices FOR UPDATE");
    auto killer = connection_killer(2);
    const auto accepted = accept(uploads_);
    killer.join();
    EXPECT_FALSE(accepted.coredump_id);
    EXPECT_EQ(files(), Names{accepted.filename.str()});
    EXPECT_EQ(spooled(), Names{spool_name(accepted)});
}

TEST_F(UploadsTest, WhenOnlyTheAnswerWasLostTheRowIsFoundAndNotMadeTwice) {
    test::DatabaseProxy proxy;
    db::Database database(proxy.url(), "test", db::Mode::ReadWrite);
    db::Coredumps coredumps(database);
    Uploads uploads(devices_, coredumps, test::disk(dumps_.path()), {3}, counters_);
    accept(uploads);
    // The statement is prepared by now, so that what comes next is its execution.
    proxy.lose_answer([] { return true; }, [] { return rows() == "2"; });
    const auto accepted = accept(uploads);
    EXPECT_EQ(rows(), "2");
    EXPECT_EQ(files().size(), 2U);
    EXPECT_EQ(coredumps_.find(device_, accepted.coredump_id.value()).value().summary.filename,
              accepted.filename);
}

TEST_F(UploadsTest, ParallelUploadsKeepRowsAndFilesTogether) {
    EXPECT_TRUE(test::in_processes(8, [&](int process) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::Coredumps coredumps(database);
        Uploads uploads(devices, coredumps, test::disk(dumps_.path()), {3}, counters_);
        for (int i = 0; i < 10; ++i) accept(uploads, std::string(100, static_cast<char>(process)));
        return true;
    }));
    Names names;
    for (const auto& coredump : coredumps_.of_device(device_)) {
        names.push_back(coredump.filename.str());
    }
    std::ranges::sort(names);
    EXPECT_EQ(names.size(), 3U);
    EXPECT_EQ(files(), names);
}

TEST_F(UploadsTest, OfADeviceThatIsBeingDeletedAreRefusedOrGoWithIt) {
    constexpr std::size_t kThreads = 4;
    for (int round = 0; round < 20; ++round) {
        std::atomic<std::size_t> accepted = 0;
        test::in_parallel(kThreads + 1, [&](std::size_t thread) {
            db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
            db::Devices devices(database);
            db::Coredumps coredumps(database);
            if (thread == kThreads) {
                db::DeviceModels models(database);
                EXPECT_TRUE(test::eventually([&] { return accepted >= kThreads; }));
                Devices(devices, models, DumpFiles(storage::DumpStore(dumps_.path())))
                    .remove(device_);
                return;
            }
            Uploads uploads(devices, coredumps, test::disk(dumps_.path()), {1000}, counters_);
            try {
                while (true) {
                    accept(uploads);
                    ++accepted;
                }
            } catch (const NotFound&) {
            }
        });
        ASSERT_EQ(files(), Names{});
        ASSERT_EQ(spooled(), Names{});
        device_ = add_device(add_model("a" + std::to_string(round)), kKey);
    }
}

}  // namespace
}  // namespace coredepot::core
