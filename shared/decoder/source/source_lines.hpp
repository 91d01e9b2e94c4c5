#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "decoder/dwarf/line_header.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/index/line_index.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Finds the source lines that code was made from. Looks them up on demand, unit by unit.
class SourceLines {
  public:
    /// All must outlive this object.
    SourceLines(const ApplicationElf& elf, LineIndex& index, const Deadline& deadline)
        : sections_{LineSections::of(elf)}, index_{index}, deadline_{deadline} {}

    struct Place {
        std::string file;  ///< printable; empty: unknown
        int line = 0;
    };
    /// The place that gdb gives for `address` of `unit`; empty when the unit's line table has none.
    std::optional<Place> at(Dwarf_Die* unit, std::uint32_t address);

    /// The file that the debug information of `unit` calls `number`; empty when there is none.
    std::string file(Dwarf_Die* unit, std::uint64_t number);

  private:
    const std::optional<LineHeader>& table_of(Dwarf_Die* unit);

    LineSections sections_;
    LineIndex& index_;
    const Deadline& deadline_;
    std::unordered_map<Dwarf_Off, std::optional<LineHeader>> tables_;  // by offset of the unit
};

}  // namespace coredepot::decoder
