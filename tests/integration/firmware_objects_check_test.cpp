// coredepot-fsck and firmware in the bucket: what goes, what gets its row again, what is missed.

#include "core/fsck/firmware_objects_check.hpp"

#include <set>

#include "firmware_bucket_test.hpp"

namespace coredepot::core {
namespace {

using Found = std::multiset<std::string>;

class FirmwareObjectsCheckTest : public FirmwareBucketTest {
  protected:
    Found check(bool repair, std::chrono::seconds age = std::chrono::seconds(-5)) {
        db::Inventory inventory(database_);
        Found found;
        FsckOptions options;
        options.repair = repair;
        options.age = age;  // below zero: also what was put this very second
        result_ = FirmwareObjectsCheck(
                      {bucket_, inventory, requeue_,
                       [&](const Finding& finding) {
                           found.insert(std::string(name_of(finding.fault)) + ": " + finding.what +
                                        (finding.repaired ? "!" : "") +
                                        (finding.outcome.empty() ? "" : " " + finding.outcome));
                       }},
                      options, kMaxBytes)
                      .run();
        return found;
    }
    std::string put_bundle(const std::string& zip) {
        const auto key = bundle_key(zip);
        EXPECT_EQ(bucket_.store().put(key, zip, sha256_hex(zip)), objects::Put::Stored);
        return key;
    }
    /// As where an older database was restored.
    static void forget(const std::string& version) {
        sql("ALTER TABLE firmware_versions DISABLE TRIGGER USER; DELETE FROM firmware_versions "
            "WHERE version = '" +
            version + "'; ALTER TABLE firmware_versions ENABLE TRIGGER USER");
    }

    FirmwareBucket bucket_{patient(), database_};
    Fsck::Result result_;
};

TEST_F(FirmwareObjectsCheckTest, WhereEveryObjectHasItsRowThereIsNothingToDo) {
    Machine machine(*this);
    machine.accept(bundle("1.0", "elf"));
    machine.accept(bundle("1.0", "another elf"));
    machine.accept(test::esp_image("2.0", kSha256));
    let_grace_pass();
    machine.accept(test::esp_image("2.0", kSha256));
    EXPECT_EQ(check(true), Found{});
    EXPECT_EQ(result_.left + result_.repaired, 0U);
    EXPECT_EQ(server_.keys().size(), 4U);
}

TEST_F(FirmwareObjectsCheckTest, WhatRowsNamedOnceGoes) {
    Machine machine(*this, 0);
    machine.accept(bundle("1.0", "old"));
    machine.accept(bundle("1.0", "new"));
    const auto bundle_fault = "dropped firmware: " + bundle_key(bundle("1.0", "old"));
    const auto image_fault = "dropped firmware: " + image_key(image("1.0", "old"));
    EXPECT_EQ(check(false), (Found{bundle_fault, image_fault}));
    EXPECT_EQ(server_.keys().size(), 4U);
    EXPECT_EQ(check(true, std::chrono::hours(1)), Found{});
    EXPECT_EQ(check(true), (Found{bundle_fault + "!", image_fault + "!"}));
    EXPECT_EQ(server_.keys().size(), 2U);
    EXPECT_EQ(check(true), Found{});
    EXPECT_EQ(machine.served(), image("1.0", "new"));
}

TEST_F(FirmwareObjectsCheckTest, OfADeletedModelToo) {
    Machine(*this).accept(bundle("1.0"));
    sql("DELETE FROM device_models");
    EXPECT_EQ(check(true).size(), 2U);
    EXPECT_EQ(server_.keys(), Names{});
}

TEST_F(FirmwareObjectsCheckTest, AVersionWhoseRowWasLostGetsItAgain) {
    Machine machine(*this);
    machine.accept(bundle("1.0", "elf"));
    machine.accept(bundle("2.0"));
    forget("1.0");
    const auto key = bundle_key(bundle("1.0", "elf"));
    EXPECT_EQ(check(false), (Found{"firmware without row: " + key,
                                   "firmware without row: " + image_key(image("1.0", "elf"))}));
    EXPECT_EQ(check(true, std::chrono::hours(1)), Found{});  // an upload may be under way
    EXPECT_EQ(check(true), Found{"firmware without row: " + key + "! found again as version 1.0"});
    EXPECT_EQ(check(true), Found{});
    EXPECT_EQ(versions_.find_by_elf(model_, sha256_hex("elf")).at(0).object, key);
    // What devices download nobody changed.
    EXPECT_EQ(machine.served(), image("2.0"));
    expect_all_there();
}

TEST_F(FirmwareObjectsCheckTest, ABuildThatWasCutOffIsKeptForItsElf) {
    Machine machine(*this);
    machine.accept(bundle("1.0", "elf"));
    const auto key = put_bundle(bundle("1.0", "another elf"));
    EXPECT_EQ(check(true), Found{"firmware without row: " + key + "! found again as version 1.0"});
    EXPECT_EQ(machine.served(), image("1.0", "elf"));
    EXPECT_TRUE(versions_.find_by_elf(model_, sha256_hex("another elf")).at(0).kept);
    expect_all_there();
    // Its image is in the bundle, and in nobody's way.
    const auto image_fault = "dropped firmware: " + image_key(image("1.0", "another elf"));
    EXPECT_EQ(check(true), Found{image_fault + "!"});
    EXPECT_EQ(check(true), Found{});
}

TEST_F(FirmwareObjectsCheckTest, CoreDumpsThatWaitedForAFoundBundleAreBackInTheQueue) {
    add_coredump(add_device(model_, "abcd1234"), 1, "1.0");
    db::ParseQueue queue(database_);
    queue.record_want(queue.claim(std::chrono::hours(1)).value(), "no bundle", std::nullopt);
    put_bundle(bundle("1.0"));
    check(true);
    EXPECT_EQ(sql_value("SELECT parse_status FROM coredumps"), "PENDING");
}

// Its version is there in another build, and so it is no version's ELF.
TEST_F(FirmwareObjectsCheckTest, CoreDumpsThatWaitedForAKeptBuildAreBackInTheQueue) {
    Machine(*this).accept(bundle("1.0", "elf"));
    const auto device = add_device(model_, "abcd1234");
    db::ParseQueue queue(database_);
    for (const auto* elf : {"another elf", "an elf that nobody has"}) {
        add_coredump(device, elf == std::string("another elf") ? 1 : 2, "1.0");
        queue.record_want(queue.claim(std::chrono::hours(1)).value(), "no such ELF",
                          sha256_hex(elf).substr(0, 16));
    }
    put_bundle(bundle("1.0", "another elf"));
    check(true);
    EXPECT_EQ(sql_value("SELECT string_agg(parse_status, ' ' ORDER BY id) FROM coredumps"),
              "PENDING ERROR");
}

TEST_F(FirmwareObjectsCheckTest, WhatCannotBeToldStays) {
    const auto damaged = put_bundle("PK\x03\x04 no more");
    const std::string foreign = "bundles/notes.txt";
    const auto of_nobody = "bundles/b/" + sha256_hex("x") + ".zip";
    for (const auto& key : {foreign, of_nobody}) bucket_.store().put(key, "x", sha256_hex("x"));
    const auto found = check(true);
    EXPECT_EQ(found.size(), 3U);
    EXPECT_EQ(found.count("not ours: " + foreign), 1U);
    EXPECT_EQ(result_.left, 3U);
    EXPECT_EQ(server_.keys(), (Names{damaged, of_nobody, foreign}));
}

TEST_F(FirmwareObjectsCheckTest, WhatIsMissingIsSaidAndAnImageIsMadeAgain) {
    Machine machine(*this);
    machine.accept(bundle("1.0"));
    const auto image_fault = "image missing: a version 1.0: " + image_key(image("1.0"));
    bucket_.store().remove(image_key(image("1.0")));
    EXPECT_EQ(check(false), Found{image_fault});
    EXPECT_EQ(check(true), Found{image_fault + "!"});
    EXPECT_EQ(machine.served(), image("1.0"));
    server_.clear();
    EXPECT_EQ(check(true), (Found{image_fault, "version without bundle: a version 1.0: " +
                                                   bundle_key(bundle("1.0"))}));
}

TEST_F(FirmwareObjectsCheckTest, WithoutTheStoreNothingIsSaid) {
    Machine(*this).accept(bundle("1.0"));
    server_.misbehave({{.what = "status", .operation = "list"}});
    EXPECT_THROW(check(true), objects::Unavailable);
    server_.misbehave({{.what = "status", .operation = "head"}});
    EXPECT_EQ(check(true), Found{});  // the list has it
}

}  // namespace
}  // namespace coredepot::core
