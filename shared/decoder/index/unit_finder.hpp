#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/index/debug_index.hpp"

namespace coredepot::decoder {

/// Finds the DWARF compilation unit of an address.
///
/// libdw has `dwarf_addrdie` for that, which relies on `.debug_aranges`; `--gc-sections` leaves
/// (0, 0) entries in the middle of it, libdw rejects the whole table for one, and then no address
/// has a line. This looks into an index of the units' own ranges.
class UnitFinder {
  public:
    /// `dwarf` may be null (an ELF without debug information). Both must outlive this object.
    UnitFinder(Dwarf* dwarf, const DebugIndex& index) : dwarf_{dwarf}, index_{index} {}

    /// The unit that `address` belongs to; null: none.
    Dwarf_Die* find(std::uint32_t address);

  private:
    std::optional<Dwarf_Die> unit_of(const DebugIndex::Range& range) const;

    Dwarf* dwarf_;
    const DebugIndex& index_;
    std::unordered_map<const DebugIndex::Range*, std::optional<Dwarf_Die>>
        units_;  // that were found
};

}  // namespace coredepot::decoder
