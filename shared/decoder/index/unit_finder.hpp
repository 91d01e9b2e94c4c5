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
/// libdw's `dwarf_addrdie` does that with `.debug_aranges`. But `--gc-sections` leaves (0, 0)
/// entries in the middle of that table, for which libdw rejects all of it, and then no address has
/// a line. So this uses an index of the units' own ranges.
class UnitFinder {
  public:
    /// `dwarf` may be null (an ELF without debug information). All must outlive this object.
    UnitFinder(Dwarf* dwarf, const DebugIndex& index, const Deadline& deadline)
        : dwarf_{dwarf}, index_{index}, deadline_{deadline} {}

    /// The unit that contains `address`; null when there is none.
    Dwarf_Die* find(std::uint32_t address);

    /// The files (`.dwo`, of `gcc -gsplit-dwarf`) with most of the debug information of the units
    /// found so far. The ELF only has their lines.
    const std::set<std::string>& split_files() const { return split_files_; }

  private:
    void note_split_file(Dwarf_Die& unit);
    std::optional<Dwarf_Die> unit_of(const DebugIndex::Range& range) const;

    Dwarf* dwarf_;
    const DebugIndex& index_;
    const Deadline& deadline_;
    std::unordered_map<const DebugIndex::Range*, std::optional<Dwarf_Die>> units_;  // found so far
    std::set<std::string> split_files_;
};

}  // namespace coredepot::decoder
