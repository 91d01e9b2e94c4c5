// Firmware in a bucket: whichever machine took it in, all of them serve it, or none.

#include "firmware_bucket_test.hpp"

#include "core/parsing/elf_finder.hpp"
#include "storage/elf_cache.hpp"

namespace coredepot::core {
namespace {

using std::chrono::hours;

TEST_F(FirmwareBucketTest, WhatOneMachineTookInAnotherServes) {
    Machine one(*this);
    Machine other(*this);
    const auto upload = bundle("1.0", "elf");
    one.accept(upload);
    EXPECT_EQ(server_.keys(), (Names{bundle_key(upload), image_key(image("1.0", "elf"))}));
    EXPECT_EQ(rows(), "1.0:" + cut("elf") + ":" + cut(image("1.0", "elf")));
    EXPECT_EQ(names_in(one.assets), Names{});
    EXPECT_EQ(other.served(), image("1.0", "elf"));
    other.accept(bundle("2.0", "elf of 2"));
    EXPECT_EQ(one.served(), image("2.0", "elf of 2"));
    EXPECT_EQ(other.served(), image("2.0", "elf of 2"));
    one.accept(bundle("2.0", "another elf"));  // the same version, built again
    EXPECT_EQ(other.served(), image("2.0", "another elf"));
    expect_all_there();
}

TEST_F(FirmwareBucketTest, EachMachineAsksForAnImageOnce) {
    Machine one(*this);
    Machine other(*this);
    one.accept(bundle("1.0"));
    for (int i = 0; i < 3; ++i) {
        one.served();
        other.served();
    }
    EXPECT_EQ(server_.asked("get"), 2);
    // What is cached may go at any moment.
    remove_all(other.assets / ".images");
    EXPECT_EQ(other.served(), image("1.0"));
    EXPECT_EQ(server_.asked("get"), 3);
}

TEST_F(FirmwareBucketTest, ManyProcessesOnAColdCacheAskOnce) {
    Machine machine(*this);
    machine.accept(bundle("1.0"));
    server_.misbehave({{.what = "slow", .operation = "get"}});
    EXPECT_TRUE(test::in_processes(6, [&](int) {
        db::Database database(database_url(Role::Writer), "test", db::Mode::ReadWrite);
        db::DeviceModels models(database);
        db::FirmwareVersions versions(database);
        FirmwareBucket bucket(patient(), database);
        metrics::Counters counters;
        const FirmwareDownloads downloads(machine.store, storage::ImageCache(machine.assets),
                                          kMaxBytes, counters, {&versions, &bucket, 1'000'000});
        const auto model = require_model(models, model_);
        const auto current = downloads.current(model.code, model.firmware_version);
        return content_of(machine.assets / ".images" / current.relative_path) == image("1.0");
    }));
    EXPECT_EQ(server_.asked("get"), 1);
}

TEST_F(FirmwareBucketTest, WhatIsCachedIsServedWithoutTheStore) {
    Machine one(*this);
    Machine other(*this);
    one.accept(bundle("1.0"));
    EXPECT_EQ(one.served(), image("1.0"));
    server_.go_down();
    EXPECT_EQ(one.served(), image("1.0"));
    EXPECT_THROW(other.served(), objects::Unavailable);
    server_.come_back();
    EXPECT_EQ(other.served(), image("1.0"));
}

TEST_F(FirmwareBucketTest, WhatTheStoreDoesNotTakeIsNotPublished) {
    Machine machine(*this);
    Machine impatient(*this, patient(std::chrono::seconds(2)));
    machine.accept(bundle("1.0", "old"));
    for (const auto& fault :
         std::vector<test::S3Fault>{{.what = "status", .operation = "put"},
                                    {.what = "status",
                                    .operation = "put",
                                    .skip = 1},  // the image is there, and no bundle
                                    {.what = "store-hang", .operation = "put"},
                                    {.what = "store-drop", .operation = "put", .skip = 1},
                                    {.what = "status", .operation = "head"}}) {
        server_.misbehave({fault});
        EXPECT_THROW(impatient.accept(bundle("2.0", "new")), objects::Unavailable) << fault.what;
        EXPECT_THROW(impatient.accept(bundle("1.0", "new")), objects::Unavailable) << fault.what;
        EXPECT_EQ(rows(), "1.0:" + cut("old") + ":" + cut(image("1.0", "old"))) << fault.what;
        EXPECT_EQ(model().firmware_version->str(), "1.0");
    }
    server_.behave();
    machine.accept(bundle("2.0", "new"));
    EXPECT_EQ(machine.served(), image("2.0", "new"));
    expect_all_there();
}

TEST_F(FirmwareBucketTest, ObjectsThatGoBeforeTheirRowIsThereArePutAgain) {
    Machine machine(*this);
    const auto upload = bundle("1.0");
    db::FirmwareVersionRecord record{FirmwareVersion::trusted("1.0"), kSha256, kSha256};
    machine.bucket.put(ModelCode::trusted("a"), upload, image("1.0"), record);
    const auto keys = server_.keys();
    EXPECT_EQ(keys.size(), 2U);
    server_.clear();
    machine.bucket.require(upload, image("1.0"), record);
    EXPECT_EQ(server_.keys(), keys);
}

TEST_F(FirmwareBucketTest, UploadsOnSeveralMachinesFollowOneAnother) {
    EXPECT_TRUE(test::in_processes(4, [&](int process) {
        Machine machine(*this, 1);
        for (int i = 0; i < 4; ++i) {
            machine.accept(
                bundle("1." + std::to_string(i % 2), "elf of " + std::to_string(process)));
        }
        return true;
    }));
    Machine machine(*this, 1);
    const auto current = model().firmware_version->str();
    const auto elf =
        sql_value("SELECT elf_sha256 FROM firmware_versions WHERE version = '" + current + "'");
    bool found = false;
    for (int process = 0; process < 4; ++process) {
        const auto made = "elf of " + std::to_string(process);
        if (sha256_hex(made) == elf) found = machine.served() == image(current, made);
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(sql_value("SELECT count(*) FROM kept_elves"), "1");
    expect_all_there();
    let_grace_pass();
    machine.accept(bundle("2.0"));
    expect_all_there();
    EXPECT_EQ(server_.keys().size(), 7U);  // three versions, and one bundle that is kept
}

TEST_F(FirmwareBucketTest, AnImageBesideItsBundleLeavesItTheElfWhicheverComesFirst) {
    for (int round = 0; round < 3; ++round) {
        const auto version = "1." + std::to_string(round);
        test::in_parallel(2, [&](std::size_t thread) {
            Machine machine(*this);
            machine.accept(thread == 0 ? bundle(version) : image(version));
        });
        ASSERT_EQ(sql_value("SELECT count(*) FROM firmware_versions WHERE elf_sha256 IS NULL OR "
                            "bundle_object IS NULL"),
                  "0")
            << version;
    }
    // Another image under that version is another build, whose ELF nobody has.
    Machine machine(*this);
    const auto other = test::esp_image("1.0", kSha256);
    machine.accept(other);
    EXPECT_EQ(machine.served(), other);
    EXPECT_EQ(sql_value("SELECT elf_sha256 IS NULL AND bundle_object IS NULL "
                        "FROM firmware_versions WHERE version = '1.0'"),
              "t");
    EXPECT_EQ(sql_value("SELECT count(*) FROM kept_elves WHERE bundle_object IS NOT NULL"), "1");
}

TEST_F(FirmwareBucketTest, WhatNoRowNamesAnyMoreGoesAfterAWhile) {
    Machine machine(*this, 0);
    machine.accept(bundle("1.0", "old"));
    machine.accept(bundle("1.0", "new"));
    // Somebody may have read the row a moment ago.
    EXPECT_EQ(server_.keys().size(), 4U);
    let_grace_pass();
    machine.accept(bundle("1.0", "new"));
    EXPECT_EQ(server_.keys(),
              (Names{bundle_key(bundle("1.0", "new")), image_key(image("1.0", "new"))}));
    EXPECT_EQ(sql_value("SELECT count(*) FROM dropped_firmware_objects"), "0");
    EXPECT_EQ(machine.served(), image("1.0", "new"));
}

TEST_F(FirmwareBucketTest, WhatCannotBeRemovedIsRemovedAnotherTime) {
    Machine machine(*this, 0);
    machine.accept(bundle("1.0", "old"));
    machine.accept(bundle("1.0", "new"));
    let_grace_pass();
    server_.misbehave({{.what = "status", .operation = "remove"}});
    machine.accept(bundle("1.0", "new"));
    EXPECT_EQ(server_.keys().size(), 4U);
    server_.behave();
    machine.accept(bundle("1.0", "new"));
    EXPECT_EQ(server_.keys().size(), 2U);
}

TEST_F(FirmwareBucketTest, ADeletedModelTakesItsFirmwareWithIt) {
    Machine machine(*this);
    machine.accept(bundle("1.0"));
    machine.accept(bundle("1.0", "another elf"));
    machine.served();
    const auto deleted = machine.model();
    DeviceModels(machine.models, machine.store, storage::ImageCache(machine.assets),
                 &machine.bucket)
        .remove(model_);
    EXPECT_EQ(server_.keys(), Names{});
    EXPECT_EQ(names_in(machine.assets / ".images"), Names{});
    EXPECT_THROW(machine.uploads.accept(deleted, bundle("1.0")), NotFound);
    EXPECT_EQ(server_.keys(), Names{});
}

TEST_F(FirmwareBucketTest, ANewModelWithTheCodeOfADeletedOneKeepsItsFirmware) {
    const auto upload = bundle("1.0");
    for (int round = 0; round < 3; ++round) {
        Machine one(*this);
        Machine other(*this);
        one.accept(upload);
        const auto deleted = model_;
        test::in_parallel(2, [&](std::size_t thread) {
            if (thread == 0) {
                DeviceModels(one.models, one.store, storage::ImageCache(one.assets), &one.bucket)
                    .remove(deleted);
                return;
            }
            while (other.models.find(deleted)) std::this_thread::yield();
            model_ = other.models.insert(ModelCode::trusted("a"), "A").value().id;
            other.accept(upload);
        });
        expect_all_there();
        ASSERT_EQ(server_.keys().size(), 2U) << "round " << round;
    }
}

TEST_F(FirmwareBucketTest, FirmwareInFoldersIsServedUntilOtherComes) {
    Machine machine(*this);
    FirmwareUploads in_folders(machine.versions, machine.requeue, machine.store, wake_ups_,
                               kLimits);
    in_folders.accept(model(), bundle("1.0", "elf"));
    EXPECT_EQ(machine.served(), image("1.0", "elf"));
    // The image by itself once more is that bundle once more.
    machine.accept(image("1.0", "elf"));
    EXPECT_EQ(machine.served(), image("1.0", "elf"));
    EXPECT_EQ(rows(), "1.0:" + cut("elf") + ":" + cut(image("1.0", "elf")));
    machine.accept(bundle("1.0", "another elf"));
    EXPECT_EQ(machine.served(), image("1.0", "another elf"));
    EXPECT_EQ(content_of(machine.assets / ".replaced/a" / kept("elf")), bundle("1.0", "elf"));
    in_folders.accept(model(), bundle("1.0", "elf"));
    EXPECT_EQ(machine.served(), image("1.0", "elf"));
}

TEST_F(FirmwareBucketTest, WithoutTheBucketsConfigurationNoOtherFirmwareIsServed) {
    Machine machine(*this);
    FirmwareUploads(machine.versions, machine.requeue, machine.store, wake_ups_, kLimits)
        .accept(model(), bundle("1.0"));
    machine.accept(bundle("2.0"));
    const FirmwareDownloads downloads(machine.store, storage::ImageCache(machine.assets), kMaxBytes,
                                      machine.counters, {&machine.versions});
    const auto current = machine.model();
    EXPECT_THROW(downloads.current(current.code, current.firmware_version), objects::Unavailable);
}

TEST_F(FirmwareBucketTest, AnImageThatIsGoneOrAnotherIsNotServed) {
    Machine machine(*this);
    machine.accept(bundle("1.0"));
    server_.misbehave({{.what = "wrong", .operation = "get"}});
    EXPECT_THROW(machine.served(), NotFound);
    server_.behave();
    server_.clear();
    EXPECT_THROW(machine.served(), NotFound);
    EXPECT_EQ(machine.counters.events(metrics::Event::CorruptBundle), 2U);
}

TEST_F(FirmwareBucketTest, OfManyImagesAMachineKeepsThoseThatItFetchedLast) {
    Machine machine(*this);
    const FirmwareDownloads small(machine.store, storage::ImageCache(machine.assets), kMaxBytes,
                                  machine.counters, {&machine.versions, &machine.bucket, 1});
    for (const auto* version : {"1.0", "2.0"}) {
        machine.accept(bundle(version));
        const auto current = machine.model();
        small.current(current.code, current.firmware_version);
        for (const auto& name : names_in(machine.cached())) {
            test::backdate(std::filesystem::path(machine.cached()) / name, hours(1));
        }
    }
    EXPECT_EQ(names_in(machine.cached()), Names{sha256_hex(image("2.0")) + ".bin"});
    machine.accept(bundle("3.0"));
    const auto current = machine.model();
    small.current(current.code, current.firmware_version);
    EXPECT_EQ(names_in(machine.cached()), Names{sha256_hex(image("3.0")) + ".bin"});
}

/// What a runner decodes with.
class ElfsOfTheBucketTest : public FirmwareBucketTest {
  protected:
    ElfsOfTheBucketTest() {
        add_coredump(add_device(model_, "abcd1234"), 1, "1.0");
        db::ParseQueue queue(database_);
        claim_ = queue.claim(hours(1));
    }

    std::variant<FoundElf, NoElf> find(const std::optional<std::string>& elf = std::nullopt) {
        DumpFacts facts;
        if (elf) facts.elf_sha256_prefix = sha256_hex(*elf).substr(0, 16);
        ElfFinder finder(versions_, storage::FirmwareStore(assets_.path()),
                         storage::ElfCache(xfer_.path()), kMaxBytes, &bucket_);
        return finder.find(claim_.value(), facts);
    }
    std::string found(const std::optional<std::string>& elf = std::nullopt) {
        const auto result = find(elf);
        if (const auto* none = std::get_if<NoElf>(&result)) return none->reason;
        return std::get<FoundElf>(result).elf.sha256;
    }

    test::TemporaryFolder xfer_;
    FirmwareBucket bucket_{patient(), database_};
    std::optional<db::Claim> claim_;
};

TEST_F(ElfsOfTheBucketTest, ABundleIsFetchedOnce) {
    Machine(*this).accept(bundle("1.0", "elf"));
    EXPECT_EQ(found(), sha256_hex("elf"));
    EXPECT_EQ(found("elf"), sha256_hex("elf"));
    EXPECT_EQ(server_.asked("get"), 1);
    server_.go_down();
    EXPECT_EQ(found("elf"), sha256_hex("elf"));
    EXPECT_EQ(names_in(xfer_ / ".elf-cache"), Names{sha256_hex("elf") + ".elf"});
}

TEST_F(ElfsOfTheBucketTest, WhicheverBuildACoreDumpNames) {
    Machine machine(*this);
    machine.accept(bundle("1.0", "first"));
    machine.accept(bundle("2.0", "of 2.0"));
    machine.accept(bundle("1.0", "second"));
    EXPECT_EQ(found(), sha256_hex("second"));
    EXPECT_EQ(found("of 2.0"), sha256_hex("of 2.0"));
    sql("UPDATE kept_elves SET needed_at = '2000-01-01'");
    EXPECT_EQ(found("first"), sha256_hex("first"));
    EXPECT_EQ(sql_value("SELECT needed_at > '2020-01-01' FROM kept_elves"), "t");
    EXPECT_TRUE(found("of nobody").ends_with("holds the right one"));
}

TEST_F(ElfsOfTheBucketTest, WithoutTheStoreThereIsNoVerdict) {
    Machine(*this).accept(bundle("1.0", "elf"));
    server_.misbehave({{.what = "status", .operation = "get"}});
    EXPECT_THROW(find(), objects::Unavailable);
    EXPECT_THROW(find("elf"), objects::Unavailable);
    server_.behave();
    EXPECT_EQ(found("elf"), sha256_hex("elf"));
}

TEST_F(ElfsOfTheBucketTest, ABundleThatIsGoneOrDamagedIsNone) {
    Machine(*this).accept(bundle("1.0", "elf"));
    server_.misbehave({{.what = "wrong", .operation = "get"}});
    EXPECT_TRUE(found().starts_with("firmware ZIP for a version 1.0: ")) << found();
    server_.behave();
    server_.clear();
    EXPECT_EQ(found(), "firmware ZIP not found for a version 1.0");
}

TEST_F(ElfsOfTheBucketTest, BundlesInFoldersAreFoundAsBefore) {
    uploads_.accept(model(), bundle("1.0", "first"));
    EXPECT_EQ(found("first"), sha256_hex("first"));
    Machine(*this).accept(bundle("1.0", "second"));
    EXPECT_EQ(found(), sha256_hex("second"));
    EXPECT_EQ(found("second"), sha256_hex("second"));
}

TEST_F(ElfsOfTheBucketTest, ARunnerWithoutTheBucketsConfigurationGivesNoVerdict) {
    Machine(*this).accept(bundle("1.0", "elf"));
    ElfFinder finder(versions_, storage::FirmwareStore(assets_.path()),
                     storage::ElfCache(xfer_.path()), kMaxBytes);
    EXPECT_THROW(finder.find(claim_.value(), {}), objects::Unavailable);
}

}  // namespace
}  // namespace coredepot::core
