#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "decoder/application_elf.hpp"
#include "decoder/deadline.hpp"
#include "decoder/elf_handles.hpp"
#include "decoder/report.hpp"
#include "decoder/symbol_table.hpp"
#include "decoder/unit_index.hpp"

namespace coredepot::decoder {

/// Turns addresses of code into function, file and line. Looks things up as they are asked for:
/// a dump touches some twenty of an application's thousand compilation units.
class SourceMap {
  public:
    /// All must outlive the map.
    SourceMap(UnitIndex& units, const SymbolTable& symbols, const Deadline& deadline)
        : units_{units}, symbols_{symbols}, deadline_{deadline} {}

    /// The frames that gdb shows for one physical frame: the function that `lookup` lies in, and
    /// before it, innermost first, the calls that the compiler inlined there. All carry `pc`; a
    /// return address is shown as it is, but looked up one byte earlier, since the call may be the
    /// last instruction of its function. Never empty.
    std::vector<Frame> frames_at(std::uint32_t pc, std::uint32_t lookup);

  private:
    struct Function {
        std::uint32_t start, end;
        Dwarf_Die die;
    };
    using Functions = std::vector<Function>;  // by start

    const Functions& functions_of(Dwarf_Die* unit);
    void collect(Dwarf_Die parent, int depth, Functions& functions) const;
    std::vector<Dwarf_Die> scopes_at(Dwarf_Die* unit, std::uint32_t address);

    UnitIndex& units_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
    std::unordered_map<Dwarf_Off, Functions> functions_;  // by offset of the unit
};

}  // namespace coredepot::decoder
