#include "decoder/target/memory_regions.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include <gtest/gtest.h>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::string_view kEveryChip[] = {"esp32",    "esp32s2", "esp32s3", "esp32c2", "esp32c3",
                                           "esp32c5",  "esp32c6", "esp32h2", "esp32p4", "esp32c61",
                                           "esp32h21", "esp32h4", "esp32s31"};

TEST(MemoryMap, SaysWhatLiesThere) {
    EXPECT_EQ(memory_region("esp32", 0x3FFB0000), "internal RAM");
    EXPECT_EQ(memory_region("esp32", 0x400D0020), "flash");
    EXPECT_EQ(memory_region("esp32s3", 0x3C000000), "flash or external RAM");
    EXPECT_EQ(memory_region("esp32p4", 0x4FC00000), "mask ROM");
    EXPECT_EQ(memory_region("esp32s31", 0x2F000000), "internal RAM");
    EXPECT_EQ(memory_region("esp32", 0x70000000), "");
    EXPECT_EQ(memory_region("esp8266", 0x40000000), "");
}

TEST(MemoryMap, IsThereForEveryChip) {
    for (const std::string_view chip : kEveryChip) {
        ASSERT_NE(find_chip(chip), nullptr) << chip;
        const MemoryMap* const map = find_memory_map(chip);
        ASSERT_NE(map, nullptr) << chip;
        EXPECT_EQ(find_memory_map(chip, 0), map) << chip << ": a map for each revision";
        for (const RegionKind kind : {RegionKind::Ram, RegionKind::MaskRom}) {
            const auto& regions = map->regions();
            EXPECT_TRUE(std::ranges::any_of(
                regions, [kind](const Region& region) { return region.kind == kind; }))
                << chip << ": " << region_name(kind);
        }
        // Each begins where the one before it has ended.
        std::uint32_t end = 0;
        for (const Region& region : map->regions()) {
            EXPECT_GE(region.start, end) << chip;
            EXPECT_GT(region.end, region.start) << chip;
            end = region.end;
        }
    }
    EXPECT_EQ(find_memory_map("esp8266"), nullptr);
}

TEST(MemoryMap, SaysWhetherAddressesAreInOneRegion) {
    const MemoryMap& map = *find_memory_map("esp32c3");
    EXPECT_TRUE(map.in_one_region(0x3FC80000, 0x3FCDFFFF));
    EXPECT_FALSE(map.in_one_region(0x3FC80000, 0x50000000)) << "two kinds of RAM";
    EXPECT_FALSE(map.in_one_region(0x10000000, 0x10000000)) << "nothing is there";
}

/// Where most chips have mask ROM, the P4 and the S31 have flash.
TEST(MemoryMap, SaysWhereMaskRomIs) {
    for (const std::string_view chip : {"esp32p4", "esp32s31"}) {
        EXPECT_FALSE(in_mask_rom(chip, 0x40000000)) << chip;
        EXPECT_FALSE(in_mask_rom(chip, 0x4008FFFF)) << chip;
        EXPECT_EQ(memory_region(chip, 0x40000000), "flash") << chip;
    }
    EXPECT_TRUE(in_mask_rom("esp32c2", 0x4008FFFF));
    EXPECT_FALSE(in_mask_rom("esp32c3", 0x4008FFFF));
    EXPECT_TRUE(in_mask_rom("esp32p4", 0x50100000));
    EXPECT_FALSE(in_mask_rom("esp32c6", 0x50100000));
    EXPECT_TRUE(in_mask_rom("esp32h4", 0x4004FFFF));
    EXPECT_FALSE(in_mask_rom("esp32c3", 0x3FF00000)) << "no code there";
    EXPECT_EQ(memory_region("esp32c3", 0x3FF00000), "mask ROM");
}

/// Without a chip, it is where any of them has it.
TEST(MemoryMap, MaskRomOfAnUnknownChip) {
    for (const std::uint32_t address : {0x40000000U, 0x4008FFFFU, 0x4FC00000U, 0x2F800000U}) {
        EXPECT_TRUE(in_mask_rom(address)) << address;
        EXPECT_TRUE(in_mask_rom("", address)) << address;
    }
    EXPECT_FALSE(in_mask_rom(0x40090000));
    EXPECT_FALSE(in_mask_rom(0x42000000));
}

}  // namespace
}  // namespace coredepot::decoder
