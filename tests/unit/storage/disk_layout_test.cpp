#include "storage/disk_layout.hpp"

#include <gtest/gtest.h>

namespace coredepot::storage::layout {
namespace {

const auto kDevice = DeviceKey::trusted("k3v9x2ab");
const auto kDump = DumpFilename::trusted("coredump_20260211T143000_123456Z.dmp");
const auto kCode = ModelCode::trusted("thermostat");
const Timestamp kMoment{std::chrono::microseconds(1'770'820'200'123'456)};

// Disks that are in use have these names: a change of one is a migration.
TEST(DiskLayout, NamesAreAsTheyWereWritten) {
    EXPECT_EQ(dump_path(kDevice, kDump), "k3v9x2ab/coredump_20260211T143000_123456Z.dmp");
    EXPECT_EQ(quarantined_name(kDevice, kDump), "k3v9x2ab-coredump_20260211T143000_123456Z.dmp");
    EXPECT_EQ(spooled_name(kDevice, kMoment), "k3v9x2ab-20260211T143000_123456Z.spool");
    EXPECT_EQ(bundle_path(kCode, FirmwareVersion::trusted("1.2.3")),
              "thermostat/firmware-1.2.3.zip");
    EXPECT_EQ(kept_bundle_path(kCode, "89ab"), ".replaced/thermostat/89ab.zip");
    EXPECT_EQ(flat_image_name(kCode), "firmware-thermostat.bin");
    EXPECT_EQ(model_lock_name(kCode), ".lock-thermostat");
}

TEST(DiskLayout, NamesOfFirmwareAreReadBack) {
    EXPECT_EQ(version_of_bundle("firmware-1.2.3.zip"), FirmwareVersion::trusted("1.2.3"));
    EXPECT_EQ(model_of_flat_image("firmware-thermostat.bin"), kCode);
    const std::string elf(64, 'e');
    EXPECT_EQ(elf_of_kept_bundle(elf + ".zip"), elf);
    for (const auto& other :
         {std::string(".zip"), std::string(64, 'E') + ".zip", elf + "e.zip", elf}) {
        EXPECT_EQ(elf_of_kept_bundle(other), std::nullopt) << other;
    }
    for (const auto* other : {"", "firmware-.zip", "firmware-1.2.3.bin", "firmware-1.2.3",
                              "1.2.3.zip", "firmware-..zip", ".zip", "firmware-a\n.zip"}) {
        EXPECT_EQ(version_of_bundle(other), std::nullopt) << other;
    }
    for (const auto* other :
         {"", "firmware-.bin", "firmware-A.bin", "firmware-a.zip", "a.bin", "firmware-a/b.bin"}) {
        EXPECT_EQ(model_of_flat_image(other), std::nullopt) << other;
    }
}

TEST(DiskLayout, WhatIsBeingWrittenIsHidden) {
    const auto one = unfinished_upload("/folder");
    EXPECT_EQ(one.parent_path(), "/folder");
    EXPECT_NE(one, unfinished_upload("/folder"));
    EXPECT_TRUE(is_unfinished_upload(one.filename().string()));
    EXPECT_TRUE(is_hidden(one.filename().string()));
    EXPECT_FALSE(is_unfinished_upload(kDump.str()));
    EXPECT_TRUE(is_unfinished_firmware(".new-0123"));
    EXPECT_TRUE(is_unfinished_firmware(".old-0123"));
    EXPECT_FALSE(is_unfinished_firmware(".images"));
}

TEST(DiskLayout, WhatIsNoDevicesAndNoModelsIsHidden) {
    for (const auto name : {kSpool, kSpoolTotals, kQuarantine, kParseWanted, kStoreId, kImages,
                            kReplaced, kElfCache}) {
        EXPECT_TRUE(is_hidden(name)) << name;
        EXPECT_FALSE(DeviceKey::parse(name)) << name;
        EXPECT_FALSE(ModelCode::parse(name)) << name;
    }
}

}  // namespace
}  // namespace coredepot::storage::layout
