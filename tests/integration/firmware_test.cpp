// Firmware uploads: rows and files change together or not at all.

#include "firmware_test.hpp"

namespace coredepot::core {
namespace {

TEST_F(FirmwareTest, ABundleIsStoredAndCurrent) {
    const auto upload = bundle("1.0", "elf");
    const auto image = test::bundle_entries("a", "1.0", "elf")[0].second;
    EXPECT_EQ(accept(upload).str(), "1.0");
    EXPECT_EQ(model().firmware_version->str(), "1.0");
    EXPECT_EQ(rows(), "1.0:" + cut("elf") + ":" + cut(image));
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), upload);
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), image);
    EXPECT_EQ(names_in(assets_.path()), (Names{"a", "firmware-a.bin"}));
}

TEST_F(FirmwareTest, SeveralVersionsAreKept) {
    accept(bundle("1.0"));
    accept(bundle("2.0"));
    EXPECT_EQ(model().firmware_version->str(), "2.0");
    EXPECT_EQ(names_in(assets_ / "a"), (Names{"firmware-1.0.zip", "firmware-2.0.zip"}));
    EXPECT_EQ(sql_value("SELECT count(*) FROM firmware_versions"), "2");
}

TEST_F(FirmwareTest, TheSameVersionIsReplaced) {
    accept(bundle("1.0", "elf"));
    accept(bundle("1.0", "another elf"));
    EXPECT_TRUE(rows().starts_with("1.0:" + cut("another elf"))) << rows();
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), bundle("1.0", "another elf"));
}

TEST_F(FirmwareTest, TheBuildBeforeIsKeptForItsElf) {
    accept(bundle("1.0", "elf"));
    accept(bundle("1.0", "elf"));
    EXPECT_EQ(names_in(assets_ / "a"), Names{"firmware-1.0.zip"});
    accept(bundle("1.0", "another elf"));
    EXPECT_EQ(content_of(assets_ / ".replaced/a" / kept("elf")), bundle("1.0", "elf"));
    const auto found = versions_.find_by_elf(model_, sha256_hex("elf"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].kept);
    EXPECT_EQ(found[0].version.str(), "1.0");
}

TEST_F(FirmwareTest, OfKeptElvesThoseGoThatCoreDumpsNeedLeast) {
    FirmwareUploads uploads(versions_, requeue_, store_, wake_ups_, {kMaxBytes, 2});
    const auto upload = [&](const std::string& version, const std::string& elf) {
        uploads.accept(model(), bundle(version, elf));
    };
    add_coredump(add_device(model_, "abcd1234"), 1, "1.0");  // PENDING
    for (const auto* version : {"1.0", "2.0", "3.0"}) {
        upload(version, std::string("first of ") + version);
    }
    for (const auto* version : {"1.0", "2.0", "3.0"}) {
        upload(version, std::string("second of ") + version);
    }
    // 1.0's is the oldest of them, but a core dump waits that may need it.
    auto expected = Names{kept("first of 1.0"), kept("first of 3.0")};
    std::ranges::sort(expected);
    EXPECT_EQ(names_in(assets_ / ".replaced/a"), expected);
    EXPECT_TRUE(versions_.find_by_elf(model_, sha256_hex("first of 2.0")).empty());
    sql("UPDATE kept_elves SET needed_at = needed_at - interval '2 days'");
    versions_.note_use(model_, sha256_hex("first of 3.0"));
    sql("UPDATE coredumps SET parse_status = 'ERROR', parsed_output = 'x'");
    FirmwareUploads keep_one(versions_, requeue_, store_, wake_ups_, {kMaxBytes, 1});
    keep_one.accept(model(), bundle("4.0", "elf"));
    EXPECT_TRUE(exists(assets_ / ".replaced/a" / kept("first of 3.0")));
    EXPECT_FALSE(exists(assets_ / ".replaced/a" / kept("first of 1.0")));
}

TEST_F(FirmwareTest, APlainImageStillWorks) {
    const auto image = test::esp_image("1.0", kSha256);
    EXPECT_EQ(accept(image).str(), "1.0");
    EXPECT_EQ(rows(), "1.0:" + cut(image));  // the ELF that it names is not here
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), image);
    EXPECT_EQ(names_in(assets_ / "a"), Names{});
}

TEST_F(FirmwareTest, AnImageThatTheBundleHoldsLeavesItItsElf) {
    const auto upload = bundle("1.0", "elf");
    const auto image = test::bundle_entries("a", "1.0", "elf")[0].second;
    accept(upload);
    accept(bundle("2.0"));
    EXPECT_EQ(accept(image).str(), "1.0");
    EXPECT_EQ(model().firmware_version->str(), "1.0");
    EXPECT_TRUE(rows().starts_with("1.0:" + cut("elf") + ":" + cut(image))) << rows();
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), upload);
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), image);
    // Another image under that version is another build, whose ELF nobody has.
    const auto other = test::esp_image("1.0", kSha256);
    accept(other);
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), other);
    EXPECT_EQ(names_in(assets_ / "a"), Names{"firmware-2.0.zip"});
}

TEST_F(FirmwareTest, AnImageBesideADamagedBundleTakesItsPlace) {
    accept(bundle("1.0", "elf"));
    test::write_file(assets_ / "a/firmware-1.0.zip", "no ZIP");
    accept(test::bundle_entries("a", "1.0", "elf")[0].second);
    EXPECT_FALSE(exists(assets_ / "a/firmware-1.0.zip"));
}

TEST_F(FirmwareTest, WhatIsRefusedChangesNothing) {
    for (const auto& upload :
         {std::string(), std::string("PK\x03"), std::string("PK\x03\x04"), std::string(79, 'x'),
          test::esp_image(""), test::esp_image("../x"),
          test::zip(test::without(test::bundle_entries("a", "1.0"), "sdkconfig"))}) {
        EXPECT_THROW(accept(upload), ValidationFailed);
        expect_nothing_changed();
    }
    EXPECT_THROW(accept(std::string(kMaxBytes + 1, 'x')), PayloadTooLarge);
    expect_nothing_changed();
}

TEST_F(FirmwareTest, AnEmptyUploadSaysSo) {
    try {
        accept("");
        FAIL();
    } catch (const ValidationFailed& error) {
        EXPECT_STREQ(error.what(), "No firmware content provided");
    }
}

TEST_F(FirmwareTest, AModelThatIsDeletedMeanwhileGetsNothing) {
    const auto gone = model();
    sql("DELETE FROM device_models");
    EXPECT_THROW(uploads_.accept(gone, bundle("1.0")), NotFound);
    EXPECT_FALSE(exists(assets_ / "firmware-a.bin"));
    EXPECT_EQ(names_in(assets_ / "a"), Names{});
}

TEST_F(FirmwareTest, FilesThatCannotBePublishedLeaveNoRow) {
    create_directory(assets_ / "firmware-a.bin");  // no file replaces a folder
    EXPECT_THROW(accept(bundle("1.0")), os::StorageError);
    EXPECT_FALSE(model().firmware_version);
    EXPECT_EQ(rows(), "");
    EXPECT_EQ(names_in(assets_ / "a"), Names{});
}

TEST_F(FirmwareTest, ARowThatCannotBeWrittenLeavesNoFile) {
    db::Database reading(database_url(Role::Reader), "test", db::Mode::ReadOnly);
    db::FirmwareVersions cannot_write(reading);
    FirmwareUploads uploads(cannot_write, requeue_, store_, wake_ups_, kLimits);
    EXPECT_ANY_THROW(uploads.accept(model(), bundle("1.0")));
    expect_nothing_changed();
}

TEST_F(FirmwareTest, AFailedReplacementKeepsTheOldBundle) {
    accept(bundle("1.0", "old"));
    db::Database reading(database_url(Role::Reader), "test", db::Mode::ReadOnly);
    db::FirmwareVersions cannot_write(reading);
    FirmwareUploads uploads(cannot_write, requeue_, store_, wake_ups_, kLimits);
    EXPECT_ANY_THROW(uploads.accept(model(), bundle("1.0", "new")));
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), bundle("1.0", "old"));
    EXPECT_TRUE(rows().starts_with("1.0:" + cut("old")));
}

TEST_F(FirmwareTest, AConnectionThatIsLostBeforeTheCommitIsInDoubt) {
    const auto version = FirmwareVersion::trusted("1.0");
    try {
        versions_.record(model_, {version, kSha256, kSha256},
                         [] { terminate_connections(Role::Writer); });
        ADD_FAILURE() << "recorded";
    } catch (const db::Unavailable& lost) {
        EXPECT_TRUE(lost.in_doubt());
    }
    EXPECT_EQ(rows(), "");
    EXPECT_EQ(accept(bundle("1.0")).str(), "1.0");
}

TEST_F(FirmwareTest, AStatementThatIsLostChangesNothing) {
    accept(bundle("1.0", "old"));
    std::thread killer([] {
        EXPECT_TRUE(test::eventually([] { return waiting_for_locks() > 0; }));
        terminate_connections(Role::Writer);
    });
    try {
        const test::OpenTransaction lock("SELECT FROM firmware_versions FOR UPDATE");
        accept(bundle("1.0", "new"));
        ADD_FAILURE() << "accepted";
    } catch (const db::Unavailable& lost) {
        EXPECT_FALSE(lost.in_doubt());
    }
    killer.join();
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), bundle("1.0", "old"));
    EXPECT_EQ(names_in(assets_ / "a"), Names{"firmware-1.0.zip"});
    EXPECT_TRUE(rows().starts_with("1.0:" + cut("old")));
}

TEST_F(FirmwareTest, ACommitThatIsInDoubtKeepsTheNewFiles) {
    accept(bundle("1.0", "old"));
    const auto upload = bundle("1.0", "new");
    test::DatabaseProxy proxy;
    db::Database database(proxy.url(), "test", db::Mode::ReadWrite);
    db::FirmwareVersions versions(database);
    db::Requeue requeue(database);
    FirmwareUploads uploads(versions, requeue, store_, wake_ups_, kLimits);
    // The files are published before the commit is sent.
    proxy.lose_answer([&] { return content_of(assets_ / "a/firmware-1.0.zip") == upload; },
                      [&] { return rows().starts_with("1.0:" + cut("new")); });
    try {
        uploads.accept(model(), upload);
        ADD_FAILURE() << "accepted";
    } catch (const db::Unavailable& lost) {
        EXPECT_TRUE(lost.in_doubt());
    }
    EXPECT_EQ(content_of(assets_ / "a/firmware-1.0.zip"), upload);
    EXPECT_EQ(names_in(assets_ / "a"), Names{"firmware-1.0.zip"});
    EXPECT_EQ(names_in(assets_.path()), (Names{".replaced", "a", "firmware-a.bin"}));
}

TEST_F(FirmwareTest, TheRunnerIsCalledForCoreDumpsThatWaitedForIt) {
    add_coredump(add_device(model_, "abcd1234"), 1, "2.0");
    db::ParseQueue queue(database_);
    const auto claim = queue.claim(std::chrono::hours(1)).value();
    EXPECT_EQ(queue.record_want(claim, "no bundle", std::nullopt), db::WantOutcome::Recorded);
    accept(bundle("1.0"));
    EXPECT_EQ(names_in(coredumps_.path()), Names{});
    accept(bundle("2.0"));
    EXPECT_EQ(names_in(coredumps_.path()), Names{".parse-wanted"});
}

TEST_F(FirmwareTest, UploadsOfOneModelFollowOneAnother) {
    EXPECT_TRUE(test::in_processes(6, [&](int process) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::FirmwareVersions versions(database);
        db::Requeue requeue(database);
        FirmwareUploads uploads(versions, requeue, store_, wake_ups_, kLimits);
        for (int i = 0; i < 5; ++i) {
            uploads.accept(model(), bundle(std::to_string(process) + '.' + std::to_string(i % 2)));
        }
        return true;
    }));
    // Whoever was last: row, bundle and flat image are of one upload.
    const auto version = model().firmware_version->str();
    EXPECT_EQ(content_of(assets_ / "firmware-a.bin"), test::bundle_entries("a", version,
                                                                           "\x7f"
                                                                           "ELF")[0]
                                                          .second);
    EXPECT_EQ(names_in(assets_ / "a").size(), 12U);
    EXPECT_EQ(sql_value("SELECT count(*) FROM firmware_versions"), "12");
}

TEST_F(FirmwareTest, AnImageBesideItsBundleLeavesItTheElfWhicheverComesFirst) {
    for (int round = 0; round < 20; ++round) {
        const auto version = "1." + std::to_string(round);
        test::in_parallel(2, [&](std::size_t thread) {
            const auto upload = thread == 0 ? bundle(version)
                                            : test::bundle_entries("a", version,
                                                                   "\x7f"
                                                                   "ELF")[0]
                                                  .second;
            Uploader(*this).accept(upload);
        });
        ASSERT_TRUE(exists(assets_ / "a" / ("firmware-" + version + ".zip"))) << version;
        ASSERT_EQ(sql_value("SELECT count(*) FROM firmware_versions WHERE elf_sha256 IS NULL"), "0")
            << version;
    }
}

TEST_F(FirmwareTest, ANewModelWithTheCodeOfADeletedOneKeepsItsFirmware) {
    // So many that an upload is through before they are gone.
    constexpr int kFiles = 20'000;
    const auto upload = bundle("2.0");
    for (int round = 0; round < 3; ++round) {
        accept(bundle("1.0"));
        for (int i = 0; i < kFiles; ++i) {
            std::filesystem::create_hard_link(
                assets_ / "a/firmware-1.0.zip",
                assets_ / "a" / ("firmware-0." + std::to_string(i) + ".zip"));
        }
        const auto deleted = model_;
        test::in_parallel(2, [&](std::size_t thread) {
            db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
            db::DeviceModels rows(database);
            if (thread == 0) {
                DeviceModels(rows, store_, storage::ImageCache(assets_.path())).remove(deleted);
                return;
            }
            while (rows.find(deleted)) std::this_thread::yield();
            model_ = rows.insert(ModelCode::trusted("a"), "A").value().id;
            Uploader(*this).accept(upload);
        });
        ASSERT_EQ(names_in(assets_.path()), (Names{"a", "firmware-a.bin"})) << "round " << round;
        ASSERT_EQ(names_in(assets_ / "a"), Names{"firmware-2.0.zip"}) << "round " << round;
        ASSERT_EQ(content_of(assets_ / "a/firmware-2.0.zip"), upload);
    }
}

TEST_F(FirmwareTest, AnUploadForAModelThatIsDeletedLeavesNothingBehind) {
    const auto deleted = model();
    DeviceModels(models_, store_, storage::ImageCache(assets_.path())).remove(model_);
    EXPECT_THROW(uploads_.accept(deleted, bundle("1.0")), NotFound);
    EXPECT_EQ(names_in(assets_.path()), Names{});
}

}  // namespace
}  // namespace coredepot::core
