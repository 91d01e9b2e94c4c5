#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/index/prepared_elf.hpp"
#include "decoder/index/unit_finder.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/report/frame.hpp"
#include "decoder/source/source_lines.hpp"

namespace coredepot::decoder {

/// The code that a frame is in: a function, or a body inlined from one, and the blocks in it that
/// the address is in, outermost first.
struct Scope {
    Dwarf_Die die{};
    std::vector<Dwarf_Die> blocks;
};

/// A frame, and where its debug information is.
struct SourceFrame {
    Frame frame;
    std::optional<Scope> scope;  ///< empty: it has none
};

/// Turns addresses of code into function, file and line. Looks things up as they are asked for:
/// a dump touches some twenty of an application's thousand compilation units.
class SourceMap {
  public:
    /// All must outlive the map.
    SourceMap(const PreparedElf& elf, UnitFinder& units, const Deadline& deadline)
        : lines_{elf.elf(), elf.lines(), deadline},
          units_{units},
          functions_{elf.functions()},
          symbols_{elf.symbols()},
          deadline_{deadline} {}

    /// The frames that gdb shows for one physical frame: the function that `lookup` lies in, and
    /// before it, innermost first, the calls that the compiler inlined there. All carry `pc`; a
    /// return address is shown as it is, but looked up one byte earlier, since the call may be the
    /// last instruction of its function. Never empty; valid as long as the map.
    const std::vector<SourceFrame>& frames_at(std::uint32_t pc, std::uint32_t lookup);

    /// The function that `address` lies in; empty: none with debug information.
    std::optional<Dwarf_Die> function_at(std::uint32_t address);

  private:
    std::vector<SourceFrame> find_frames(std::uint32_t pc, std::uint32_t lookup);
    std::string enclosing(const Dwarf_Die& function) const;
    std::vector<std::string> twins_of(Dwarf_Die function, const Frame& frame) const;
    std::vector<Scope> scopes_at(Dwarf_Die* unit, std::uint32_t address);

    void set_call_site(Frame& frame, Dwarf_Die* unit, Dwarf_Die inlined);

    SourceLines lines_;
    UnitFinder& units_;
    FunctionIndex& functions_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
    // Tasks wait in the same few places: of some fifty frames twenty differ.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<SourceFrame>> frames_;
};

}  // namespace coredepot::decoder
