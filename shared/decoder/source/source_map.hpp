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

/// The code that a frame is in: a function or an inlined body, and the blocks in it that contain
/// the address, outermost first.
struct Scope {
    Dwarf_Die die{};
    std::vector<Dwarf_Die> blocks;
};

/// A frame and its place in the debug information.
struct SourceFrame {
    Frame frame;
    std::optional<Scope> scope;  ///< empty: it has none
};

/// Turns addresses of code into function, file and line. Looks things up on demand: a dump touches
/// about twenty of an application's thousand compilation units.
class SourceMap {
  public:
    /// All must outlive the map.
    SourceMap(const PreparedElf& elf, UnitFinder& units, const Deadline& deadline)
        : lines_{elf.elf(), elf.lines(), deadline},
          units_{units},
          functions_{elf.functions()},
          symbols_{elf.symbols()},
          deadline_{deadline} {}

    /// The frames that gdb shows for one physical frame: first the calls that the compiler inlined
    /// at `lookup`, innermost first, then the function that contains `lookup`. All carry `pc`. A
    /// return address is shown as it is, but looked up one byte earlier, since the call may be the
    /// last instruction of its function. Never empty; valid as long as the map.
    const std::vector<SourceFrame>& frames_at(std::uint32_t pc, std::uint32_t lookup);

    /// The function that contains `address`; empty when there is none with debug information.
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
    // Tasks wait in the same few places: of about fifty frames, twenty differ.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<SourceFrame>> frames_;
};

}  // namespace coredepot::decoder
