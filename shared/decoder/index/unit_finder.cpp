#include "decoder/index/unit_finder.hpp"

#include <algorithm>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/index/unit_ranges.hpp"

namespace coredepot::decoder {

Dwarf_Die* UnitFinder::find(std::uint32_t address) {
    const auto after =
        std::ranges::upper_bound(index_.ranges, address, {}, &DebugIndex::Range::start);
    if (after == index_.ranges.begin() || std::prev(after)->end <= address) {
        return nullptr;
    }
    const DebugIndex::Range& range = *std::prev(after);
    const auto [entry, is_new] = units_.try_emplace(&range);
    if (is_new) {
        entry->second = unit_of(range);
        if (entry->second) {
            note_split_file(*entry->second);
        }
    }
    return entry->second ? &*entry->second : nullptr;
}

void UnitFinder::note_split_file(Dwarf_Die& unit) {
    for (const unsigned name : {DW_AT_dwo_name, DW_AT_GNU_dwo_name}) {
        Dwarf_Attribute attribute;
        const char* const file =
            dwarf_attr(&unit, name, &attribute) == nullptr ? nullptr : dwarf_formstring(&attribute);
        if (file != nullptr) {
            split_files_.insert(printable(file));
        }
    }
}

/// Empty when the index is wrong: no unit is at that place, or it has other ranges.
std::optional<Dwarf_Die> UnitFinder::unit_of(const DebugIndex::Range& range) const {
    Dwarf_Die die;
    Dwarf_Die unit;
    std::uint8_t type = 0;
    if (dwarf_offdie(dwarf_, range.unit, &die) == nullptr ||
        dwarf_cu_info(die.cu, nullptr, &type, &unit, nullptr, nullptr, nullptr, nullptr) != 0 ||
        (type != DW_UT_compile && type != DW_UT_skeleton) || dwarf_dieoffset(&unit) != range.unit) {
        return std::nullopt;
    }
    bool confirmed = false;
    for_each_unit_range(unit, deadline_, [&](std::uint32_t start, std::uint32_t end) {
        confirmed = confirmed || (start == range.start && end == range.end);
    });
    return confirmed ? std::optional{unit} : std::nullopt;
}

}  // namespace coredepot::decoder
