#include "decoder/index/debug_index.hpp"

#include <algorithm>
#include <span>
#include <string>

#include <dwarf.h>

#include "decoder/bytes/cursor.hpp"
#include "decoder/dwarf/tcb_layout.hpp"
#include "decoder/index/unit_ranges.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

/// libdw makes an object of about 200 bytes for each unit that it passes, without a limit.
constexpr std::size_t kMaxUnits = 100'000;
/// A unit of 64-bit DWARF starts with this, followed by its length. No ESP32 has one.
constexpr std::uint32_t kWideLength = 0xFFFFFFFF;

std::size_t count_units(std::span<const std::byte> section) {
    Cursor cursor{section};
    std::size_t count = 0;
    for (; !cursor.at_end() && count <= kMaxUnits; ++count) {
        std::uint32_t length = cursor.u32();
        if (length == kWideLength) {
            length = cursor.u32();
            cursor.u32();
        }
        cursor.take(length);
    }
    return count;
}

void check_unit_count(const ApplicationElf& elf) {
    for (const auto* const section : {".debug_info", ".debug_types"}) {
        if (count_units(elf.section(section).bytes) > kMaxUnits) {
            throw Undecodable{"the ELF is damaged: its debug information has more than " +
                              std::to_string(kMaxUnits) + " units"};
        }
    }
}

}  // namespace

DebugIndex build_index(Dwarf* dwarf, const ApplicationElf& elf, const Deadline& deadline) {
    DebugIndex index;
    if (dwarf == nullptr) {
        return index;
    }
    check_unit_count(elf);
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    std::uint8_t type = 0;
    while (index.ranges.size() < kMaxRanges &&
           dwarf_get_units(dwarf, unit, &unit, nullptr, &type, &die, nullptr) == 0) {
        deadline.check();
        if (type != DW_UT_compile && type != DW_UT_skeleton) {
            continue;
        }
        const auto offset = static_cast<std::uint32_t>(dwarf_dieoffset(&die));
        const std::size_t before = index.ranges.size();
        for_each_unit_range(die, deadline, [&](std::uint32_t start, std::uint32_t end) {
            // Functions that the linker dropped keep their ranges, but at address 0.
            if (elf.is_code(start) && index.ranges.size() < kMaxRanges) {
                index.ranges.push_back({start, end, offset});
            }
        });
        if (index.ranges.size() != before && !index.task_control_block) {
            index.task_control_block = find_task_control_block(die, deadline);
        }
    }
    std::ranges::sort(index.ranges, {}, &DebugIndex::Range::start);
    return index;
}

}  // namespace coredepot::decoder
