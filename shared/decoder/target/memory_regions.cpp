#include "decoder/target/memory_regions.hpp"

#include <algorithm>
#include <array>

namespace coredepot::decoder {
namespace {

constexpr std::string_view kRam = "internal RAM";
constexpr std::string_view kCodeRam = "internal RAM for code";
constexpr std::string_view kFlash = "flash";
constexpr std::string_view kExternal = "flash or external RAM";
constexpr std::string_view kPsram = "external RAM";
constexpr std::string_view kRom = kMaskRomRegion;
constexpr std::string_view kRtc = "RTC memory";
constexpr std::string_view kPeripherals = "peripheral registers";

struct Region {
    std::string_view chip;
    std::uint32_t start, end;
    std::string_view name;
};

constexpr std::array kRegions = {
    Region{"esp32", 0x3F400000, 0x3F800000, kFlash},
    Region{"esp32", 0x3F800000, 0x3FC00000, kPsram},
    Region{"esp32", 0x3FF00000, 0x3FF80000, kPeripherals},
    Region{"esp32", 0x3FF80000, 0x3FF82000, kRtc},
    Region{"esp32", 0x3FF90000, 0x3FFA0000, kRom},
    Region{"esp32", 0x3FFAE000, 0x40000000, kRam},
    Region{"esp32", 0x40000000, 0x40070000, kRom},
    Region{"esp32", 0x40070000, 0x400C0000, kCodeRam},
    Region{"esp32", 0x400C0000, 0x400C2000, kRtc},
    Region{"esp32", 0x400D0000, 0x40C00000, kFlash},
    Region{"esp32", 0x50000000, 0x50002000, kRtc},
    Region{"esp32", 0x60000000, 0x60040000, kPeripherals},

    Region{"esp32s2", 0x3F000000, 0x3F400000, kFlash},
    Region{"esp32s2", 0x3F400000, 0x3F500000, kPeripherals},
    Region{"esp32s2", 0x3F500000, 0x3FF80000, kPsram},
    Region{"esp32s2", 0x3FF9E000, 0x3FFA0000, kRtc},
    Region{"esp32s2", 0x3FFA0000, 0x3FFB0000, kRom},
    Region{"esp32s2", 0x3FFB0000, 0x40000000, kRam},
    Region{"esp32s2", 0x40000000, 0x40020000, kRom},
    Region{"esp32s2", 0x40020000, 0x40070000, kCodeRam},
    Region{"esp32s2", 0x40070000, 0x40072000, kRtc},
    Region{"esp32s2", 0x40080000, 0x40C00000, kFlash},
    Region{"esp32s2", 0x50000000, 0x50002000, kRtc},
    Region{"esp32s2", 0x60000000, 0x600FE000, kPeripherals},

    Region{"esp32s3", 0x3C000000, 0x3E000000, kExternal},
    Region{"esp32s3", 0x3FC88000, 0x3FD00000, kRam},
    Region{"esp32s3", 0x3FF00000, 0x3FF20000, kRom},
    Region{"esp32s3", 0x40000000, 0x40060000, kRom},
    Region{"esp32s3", 0x40370000, 0x403E0000, kCodeRam},
    Region{"esp32s3", 0x42000000, 0x44000000, kFlash},
    Region{"esp32s3", 0x50000000, 0x50002000, kRtc},
    Region{"esp32s3", 0x60000000, 0x600D1000, kPeripherals},
    Region{"esp32s3", 0x600FE000, 0x60100000, kRtc},

    Region{"esp32c2", 0x3C000000, 0x3C400000, kFlash},
    Region{"esp32c2", 0x3FCA0000, 0x3FCE0000, kRam},
    Region{"esp32c2", 0x3FF00000, 0x3FF50000, kRom},
    Region{"esp32c2", 0x40000000, 0x40090000, kRom},
    Region{"esp32c2", 0x4037C000, 0x403C0000, kCodeRam},
    Region{"esp32c2", 0x42000000, 0x42400000, kFlash},
    Region{"esp32c2", 0x60000000, 0x600D1000, kPeripherals},

    Region{"esp32c3", 0x3C000000, 0x3C800000, kFlash},
    Region{"esp32c3", 0x3FC80000, 0x3FCE0000, kRam},
    Region{"esp32c3", 0x3FF00000, 0x3FF20000, kRom},
    Region{"esp32c3", 0x40000000, 0x40060000, kRom},
    Region{"esp32c3", 0x4037C000, 0x403E0000, kCodeRam},
    Region{"esp32c3", 0x42000000, 0x42800000, kFlash},
    Region{"esp32c3", 0x50000000, 0x50002000, kRtc},
    Region{"esp32c3", 0x60000000, 0x600D1000, kPeripherals},

    Region{"esp32c5", 0x40000000, 0x40050000, kRom},
    Region{"esp32c5", 0x40800000, 0x40860000, kRam},
    Region{"esp32c5", 0x42000000, 0x44000000, kExternal},
    Region{"esp32c5", 0x50000000, 0x50004000, kRtc},
    Region{"esp32c5", 0x60000000, 0x60100000, kPeripherals},

    Region{"esp32c6", 0x40000000, 0x40050000, kRom},
    Region{"esp32c6", 0x40800000, 0x40880000, kRam},
    Region{"esp32c6", 0x42000000, 0x43000000, kFlash},
    Region{"esp32c6", 0x50000000, 0x50004000, kRtc},
    Region{"esp32c6", 0x60000000, 0x60100000, kPeripherals},

    Region{"esp32c61", 0x40000000, 0x40040000, kRom},
    Region{"esp32c61", 0x40800000, 0x40850000, kRam},
    Region{"esp32c61", 0x42000000, 0x44000000, kExternal},
    Region{"esp32c61", 0x60000000, 0x60100000, kPeripherals},

    Region{"esp32h21", 0x40000000, 0x40020000, kRom},
    Region{"esp32h21", 0x40800000, 0x40850000, kRam},
    Region{"esp32h21", 0x42000000, 0x43000000, kFlash},
    Region{"esp32h21", 0x50000000, 0x50001000, kRtc},
    Region{"esp32h21", 0x60000000, 0x60100000, kPeripherals},

    Region{"esp32h4", 0x40000000, 0x40020000, kRom},
    Region{"esp32h4", 0x40810000, 0x40868000, kRam},
    Region{"esp32h4", 0x42000000, 0x44000000, kExternal},
    Region{"esp32h4", 0x50000000, 0x50004000, kRtc},
    Region{"esp32h4", 0x60000000, 0x60100000, kPeripherals},

    Region{"esp32h2", 0x40000000, 0x40020000, kRom},
    Region{"esp32h2", 0x40800000, 0x40850000, kRam},
    Region{"esp32h2", 0x42000000, 0x43000000, kFlash},
    Region{"esp32h2", 0x50000000, 0x50001000, kRtc},
    Region{"esp32h2", 0x60000000, 0x60100000, kPeripherals},

    Region{"esp32p4", 0x30100000, 0x30102000, "tightly coupled memory"},
    Region{"esp32p4", 0x40000000, 0x44000000, kFlash},
    Region{"esp32p4", 0x48000000, 0x4C000000, kPsram},
    Region{"esp32p4", 0x4FC00000, 0x4FC20000, kRom},
    Region{"esp32p4", 0x4FF00000, 0x4FFC0000, kRam},
    Region{"esp32p4", 0x50000000, 0x50100000, kPeripherals},
    Region{"esp32p4", 0x50100000, 0x50104000, kRom},
    Region{"esp32p4", 0x50108000, 0x50110000, kRtc},
    Region{"esp32p4", 0x50110000, 0x50130000, kPeripherals},

    Region{"esp32s31", 0x2E000000, 0x2E008000, kRtc},
    Region{"esp32s31", 0x2F000000, 0x2F080000, kRam},
    Region{"esp32s31", 0x2F800000, 0x2F850000, kRom},
    Region{"esp32s31", 0x40000000, 0x44000000, kFlash},
    Region{"esp32s31", 0x50000000, 0x54000000, kPsram},
};

}  // namespace

std::string_view memory_region(std::string_view chip, std::uint32_t address) {
    const auto* const found = std::ranges::find_if(kRegions, [&](const Region& region) {
        return region.chip == chip && address >= region.start && address < region.end;
    });
    return found == kRegions.end() ? std::string_view{} : found->name;
}

bool has_memory_map(std::string_view chip) {
    return std::ranges::find(kRegions, chip, &Region::chip) != kRegions.end();
}

}  // namespace coredepot::decoder
