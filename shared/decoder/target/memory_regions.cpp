#include "decoder/target/memory_regions.hpp"

#include <algorithm>
#include <array>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

using enum RegionKind;

constexpr std::array kEsp32 = {
    Region{0x3F400000, 0x3F800000, Flash},       Region{0x3F800000, 0x3FC00000, Psram},
    Region{0x3FF00000, 0x3FF80000, Peripherals}, Region{0x3FF80000, 0x3FF82000, RtcRam},
    Region{0x3FF90000, 0x3FFA0000, DataRom},     Region{0x3FFAE000, 0x40000000, Ram},
    Region{0x40000000, 0x40070000, MaskRom},     Region{0x40070000, 0x400C0000, CodeRam},
    Region{0x400C0000, 0x400C2000, RtcRam},      Region{0x400D0000, 0x40C00000, Flash},
    Region{0x50000000, 0x50002000, RtcRam},      Region{0x60000000, 0x60040000, Peripherals},
};

constexpr std::array kEsp32s2 = {
    Region{0x3F000000, 0x3F400000, Flash},   Region{0x3F400000, 0x3F500000, Peripherals},
    Region{0x3F500000, 0x3FF80000, Psram},   Region{0x3FF9E000, 0x3FFA0000, RtcRam},
    Region{0x3FFA0000, 0x3FFB0000, DataRom}, Region{0x3FFB0000, 0x40000000, Ram},
    Region{0x40000000, 0x40020000, MaskRom}, Region{0x40020000, 0x40070000, CodeRam},
    Region{0x40070000, 0x40072000, RtcRam},  Region{0x40080000, 0x40C00000, Flash},
    Region{0x50000000, 0x50002000, RtcRam},  Region{0x60000000, 0x600FE000, Peripherals},
};

constexpr std::array kEsp32s3 = {
    Region{0x3C000000, 0x3E000000, FlashOrPsram}, Region{0x3FC88000, 0x3FD00000, Ram},
    Region{0x3FF00000, 0x3FF20000, DataRom},      Region{0x40000000, 0x40060000, MaskRom},
    Region{0x40370000, 0x403E0000, CodeRam},      Region{0x42000000, 0x44000000, Flash},
    Region{0x50000000, 0x50002000, RtcRam},       Region{0x60000000, 0x600D1000, Peripherals},
    Region{0x600FE000, 0x60100000, RtcRam},
};

constexpr std::array kEsp32c2 = {
    Region{0x3C000000, 0x3C400000, Flash},       Region{0x3FCA0000, 0x3FCE0000, Ram},
    Region{0x3FF00000, 0x3FF50000, DataRom},     Region{0x40000000, 0x40090000, MaskRom},
    Region{0x4037C000, 0x403C0000, CodeRam},     Region{0x42000000, 0x42400000, Flash},
    Region{0x60000000, 0x600D1000, Peripherals},
};

constexpr std::array kEsp32c3 = {
    Region{0x3C000000, 0x3C800000, Flash},   Region{0x3FC80000, 0x3FCE0000, Ram},
    Region{0x3FF00000, 0x3FF20000, DataRom}, Region{0x40000000, 0x40060000, MaskRom},
    Region{0x4037C000, 0x403E0000, CodeRam}, Region{0x42000000, 0x42800000, Flash},
    Region{0x50000000, 0x50002000, RtcRam},  Region{0x60000000, 0x600D1000, Peripherals},
};

constexpr std::array kEsp32c5 = {
    Region{0x40000000, 0x40050000, MaskRom},      Region{0x40800000, 0x40860000, Ram},
    Region{0x42000000, 0x44000000, FlashOrPsram}, Region{0x50000000, 0x50004000, RtcRam},
    Region{0x60000000, 0x60100000, Peripherals},
};

constexpr std::array kEsp32c6 = {
    Region{0x40000000, 0x40050000, MaskRom},     Region{0x40800000, 0x40880000, Ram},
    Region{0x42000000, 0x43000000, Flash},       Region{0x50000000, 0x50004000, RtcRam},
    Region{0x60000000, 0x60100000, Peripherals},
};

constexpr std::array kEsp32c61 = {
    Region{0x40000000, 0x40040000, MaskRom},
    Region{0x40800000, 0x40850000, Ram},
    Region{0x42000000, 0x44000000, FlashOrPsram},
    Region{0x60000000, 0x60100000, Peripherals},
};

constexpr std::array kEsp32h21 = {
    Region{0x40000000, 0x40020000, MaskRom},     Region{0x40800000, 0x40850000, Ram},
    Region{0x42000000, 0x43000000, Flash},       Region{0x50000000, 0x50001000, RtcRam},
    Region{0x60000000, 0x60100000, Peripherals},
};

/// The map changed while the chip was being developed: versions of ESP-IDF disagree about where its
/// ROM ends. This map covers all of them.
constexpr std::array kEsp32h4 = {
    Region{0x40000000, 0x40050000, MaskRom},      Region{0x40810000, 0x40868000, Ram},
    Region{0x42000000, 0x44000000, FlashOrPsram}, Region{0x50000000, 0x50004000, RtcRam},
    Region{0x60000000, 0x60100000, Peripherals},
};

constexpr std::array kEsp32h2 = {
    Region{0x40000000, 0x40020000, MaskRom},     Region{0x40800000, 0x40850000, Ram},
    Region{0x42000000, 0x43000000, Flash},       Region{0x50000000, 0x50001000, RtcRam},
    Region{0x60000000, 0x60100000, Peripherals},
};

/// This chip and the S31 have flash where other chips have mask ROM. The ROM at 0x50100000 belongs
/// to the low-power core. All revisions have this map: v3 moved only the stack of the ROM, within
/// the RAM (soc.h, SOC_ROM_STACK_START_REV2).
constexpr std::array kEsp32p4 = {
    Region{0x20000000, 0x30000000, Peripherals}, Region{0x30100000, 0x30102000, TightlyCoupledRam},
    Region{0x3FF00000, 0x3FF20000, Peripherals}, Region{0x40000000, 0x44000000, Flash},
    Region{0x48000000, 0x4C000000, Psram},       Region{0x4FC00000, 0x4FC20000, MaskRom},
    Region{0x4FF00000, 0x4FFC0000, Ram},         Region{0x50000000, 0x50100000, Peripherals},
    Region{0x50100000, 0x50104000, MaskRom},     Region{0x50108000, 0x50110000, RtcRam},
    Region{0x50110000, 0x50130000, Peripherals},
};

constexpr std::array kEsp32s31 = {
    Region{0x2C000000, 0x2C020000, Peripherals}, Region{0x2E000000, 0x2E008000, RtcRam},
    Region{0x2F000000, 0x2F080000, Ram},         Region{0x2F800000, 0x2F850000, MaskRom},
    Region{0x40000000, 0x44000000, Flash},       Region{0x50000000, 0x54000000, Psram},
};

/// If a chip has several maps, the one for the newest revision comes first.
constexpr std::array kMaps = {
    MemoryMap{"esp32", 0, kEsp32},       MemoryMap{"esp32s2", 0, kEsp32s2},
    MemoryMap{"esp32s3", 0, kEsp32s3},   MemoryMap{"esp32c2", 0, kEsp32c2},
    MemoryMap{"esp32c3", 0, kEsp32c3},   MemoryMap{"esp32c5", 0, kEsp32c5},
    MemoryMap{"esp32c6", 0, kEsp32c6},   MemoryMap{"esp32c61", 0, kEsp32c61},
    MemoryMap{"esp32h21", 0, kEsp32h21}, MemoryMap{"esp32h4", 0, kEsp32h4},
    MemoryMap{"esp32h2", 0, kEsp32h2},   MemoryMap{"esp32p4", 0, kEsp32p4},
    MemoryMap{"esp32s31", 0, kEsp32s31},
};

constexpr bool is_rom(const Region& region) {
    return region.kind == MaskRom;
}

/// The mask ROM of all chips, collected once: reading a symbol table asks for it thousands of
/// times.
constexpr auto kMaskRoms = [] {
    constexpr auto kCount = [] {
        std::ptrdiff_t count = 0;
        for (const MemoryMap& map : kMaps) count += std::ranges::count_if(map.regions(), is_rom);
        return static_cast<std::size_t>(count);
    }();
    std::array<Region, kCount> roms{};
    Region* end = roms.data();
    for (const MemoryMap& map : kMaps) {
        end = std::ranges::copy_if(map.regions(), end, is_rom).out;
    }
    return roms;
}();

constexpr bool holds(const Region& region, std::uint32_t address) {
    return address >= region.start && address < region.end;
}

}  // namespace

std::string_view region_name(RegionKind kind) {
    switch (kind) {
        case Ram:
            return "internal RAM";
        case CodeRam:
            return "internal RAM for code";
        case Flash:
            return "flash";
        case FlashOrPsram:
            return "flash or external RAM";
        case Psram:
            return "external RAM";
        case TightlyCoupledRam:
            return "tightly coupled memory";
        case RtcRam:
            return "RTC memory";
        case MaskRom:
        case DataRom:
            return "mask ROM";
        case Peripherals:
            return "peripheral registers";
    }
    return {};
}

const Region* MemoryMap::find(std::uint32_t address) const {
    const auto found = std::ranges::find_if(
        regions_, [&](const Region& region) { return holds(region, address); });
    return found == regions_.end() ? nullptr : &*found;
}

std::optional<RegionKind> MemoryMap::at(std::uint32_t address) const {
    const Region* const region = find(address);
    return region == nullptr ? std::nullopt : std::optional{region->kind};
}

bool MemoryMap::in_one_region(std::uint32_t one, std::uint32_t other) const {
    const Region* const region = find(one);
    return region != nullptr && region == find(other);
}

const MemoryMap* find_memory_map(std::string_view chip, std::optional<std::uint32_t> revision) {
    const auto* const found = std::ranges::find_if(kMaps, [&](const MemoryMap& map) {
        return map.chip() == chip && map.first_revision() <= revision.value_or(UINT32_MAX);
    });
    return found == kMaps.end() ? nullptr : found;
}

std::string_view memory_region(std::string_view chip, std::uint32_t address) {
    const MemoryMap* const map = find_memory_map(chip);
    const auto kind = map == nullptr ? std::nullopt : map->at(address);
    return kind ? region_name(*kind) : std::string_view{};
}

bool in_mask_rom(std::string_view chip, std::uint32_t address) {
    const MemoryMap* const map = find_memory_map(chip);
    return map == nullptr ? in_mask_rom(address) : map->at(address) == MaskRom;
}

bool in_mask_rom(std::uint32_t address) {
    return std::ranges::any_of(kMaskRoms, [&](const Region& rom) { return holds(rom, address); });
}

}  // namespace coredepot::decoder
