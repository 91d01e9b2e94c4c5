#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "decoder/application_elf.hpp"
#include "decoder/deadline.hpp"
#include "decoder/elf_handles.hpp"

namespace coredepot::decoder {

/// Finds the DWARF compilation unit of an address.
///
/// libdw has `dwarf_addrdie` for that, which relies on `.debug_aranges`; `--gc-sections` leaves
/// (0, 0) entries in the middle of it, libdw rejects the whole table for one, and then no address
/// has a line. This index is built from the units' own ranges.
class UnitIndex {
  public:
    /// `dwarf` may be null (an ELF without debug information) and must outlive the index.
    UnitIndex(Dwarf* dwarf, const ApplicationElf& elf, const Deadline& deadline);

    /// The unit that `address` belongs to; null: none.
    Dwarf_Die* find(std::uint32_t address);

    /// All units with code, in the order of the file.
    std::vector<Dwarf_Die>& units() { return units_; }

  private:
    struct Range {
        std::uint32_t start, end;
        std::size_t unit;
    };
    std::vector<Dwarf_Die> units_;
    std::vector<Range> ranges_;  // by start
};

}  // namespace coredepot::decoder
