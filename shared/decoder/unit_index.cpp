#include "decoder/unit_index.hpp"

#include <algorithm>

#include <dwarf.h>

#include "decoder/dwarf_walk.hpp"

namespace coredepot::decoder {
namespace {

/// An IDF application has 300 to 3 000 units with some ten ranges each.
constexpr std::size_t kMaxUnits = 100'000;
constexpr std::size_t kMaxRanges = 1'000'000;

}  // namespace

UnitIndex::UnitIndex(Dwarf* dwarf, const ApplicationElf& elf, const Deadline& deadline) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    std::uint8_t type = 0;
    while (dwarf != nullptr && units_.size() < kMaxUnits && ranges_.size() < kMaxRanges &&
           dwarf_get_units(dwarf, unit, &unit, nullptr, &type, &die, nullptr) == 0) {
        deadline.check();
        if (type != DW_UT_compile) {
            continue;
        }
        const std::size_t before = ranges_.size();
        for_each_range(&die, [&](std::uint32_t start, std::uint32_t end) {
            // Functions that the linker dropped have kept their ranges, moved to address 0.
            if (elf.is_code(start) && ranges_.size() < kMaxRanges) {
                ranges_.push_back({start, end, units_.size()});
            }
        });
        if (ranges_.size() != before) {
            units_.push_back(die);
        }
    }
    std::ranges::sort(ranges_, {}, &Range::start);
}

Dwarf_Die* UnitIndex::find(std::uint32_t address) {
    auto after = std::ranges::upper_bound(ranges_, address, {}, &Range::start);
    if (after == ranges_.begin() || std::prev(after)->end <= address) {
        return nullptr;
    }
    return &units_[std::prev(after)->unit];
}

}  // namespace coredepot::decoder
