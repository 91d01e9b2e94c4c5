#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/index/debug_index.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Finds the DWARF compilation unit of an address.
///
/// libdw has `dwarf_addrdie` for that, which relies on `.debug_aranges`; `--gc-sections` leaves
/// (0, 0) entries in the middle of it, libdw rejects the whole table for one, and then no address
/// has a line. This looks into an index of the units' own ranges.
class UnitFinder {
  public:
    /// `dwarf` may be null (an ELF without debug information). All must outlive this object.
    UnitFinder(Dwarf* dwarf, const DebugIndex& index, const Deadline& deadline)
        : dwarf_{dwarf}, index_{index}, deadline_{deadline} {}

    /// The unit that `address` belongs to; null: none.
    Dwarf_Die* find(std::uint32_t address);

    /// The files that hold most of the debug information of units that were found (`.dwo`, of `gcc
    /// -gsplit-dwarf`). The ELF has only their lines.
    const std::set<std::string>& split_files() const { return split_files_; }

  private:
    void note_split_file(Dwarf_Die& unit);
    std::optional<Dwarf_Die> unit_of(const DebugIndex::Range& range) const;

    Dwarf* dwarf_;
    const DebugIndex& index_;
    const Deadline& deadline_;
    std::unordered_map<const DebugIndex::Range*, std::optional<Dwarf_Die>>
        units_;  // that were found
    std::set<std::string> split_files_;
};

}  // namespace coredepot::decoder
