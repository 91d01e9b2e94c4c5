#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/index/unit_finder.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/report/frame.hpp"

namespace coredepot::decoder {

/// How much of `.debug_line` one decode may read. A unit's line table has some 5 KB; libdw turns
/// one into up to 120 bytes a byte, and keeps them. Frames beyond have no line.
constexpr std::size_t kMaxLineBytes = 1536U << 10U;

/// Code ranges of functions in all units of one decode; a real one comes to some 5 000.
constexpr std::size_t kMaxFunctions = 500'000;

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
    /// All must outlive the map. `elf` is asked for its line tables.
    SourceMap(const ApplicationElf& elf, UnitFinder& units, const SymbolTable& symbols,
              const Deadline& deadline)
        : lines_{elf.section(".debug_line").bytes},
          units_{units},
          symbols_{symbols},
          deadline_{deadline} {}

    /// The frames that gdb shows for one physical frame: the function that `lookup` lies in, and
    /// before it, innermost first, the calls that the compiler inlined there. All carry `pc`; a
    /// return address is shown as it is, but looked up one byte earlier, since the call may be the
    /// last instruction of its function. Never empty; valid as long as the map.
    const std::vector<SourceFrame>& frames_at(std::uint32_t pc, std::uint32_t lookup);

    /// The function that `address` lies in; empty: none with debug information.
    std::optional<Dwarf_Die> function_at(std::uint32_t address);

  private:
    struct Function {
        std::uint32_t start, end;
        Dwarf_Die die;
    };
    using Functions = std::vector<Function>;  // by start

    /// Where functions of a unit are looked for.
    enum class Nesting { InNamespaces, Anywhere };

    std::vector<SourceFrame> find_frames(std::uint32_t pc, std::uint32_t lookup);
    const Functions& functions_of(Dwarf_Die* unit, Nesting nesting);
    const Function* find_function(Dwarf_Die* unit, std::uint32_t address);
    void collect(Dwarf_Die parent, Nesting nesting, int depth, Functions& functions);
    std::string enclosing(const Dwarf_Die& function) const;
    std::vector<std::string> twins_of(Dwarf_Die function, const Frame& frame) const;
    std::vector<Scope> scopes_at(Dwarf_Die* unit, std::uint32_t address);

    void set_line(Frame& frame, Dwarf_Die* unit, std::uint32_t address);
    bool may_read_lines(Dwarf_Die* unit);

    std::span<const std::byte> lines_;
    std::size_t line_bytes_left_ = kMaxLineBytes;
    std::unordered_map<Dwarf_Off, bool> readable_lines_;  // by offset of the unit
    UnitFinder& units_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
    std::map<std::pair<Dwarf_Off, Nesting>, Functions> functions_;  // by offset of the unit
    std::unordered_set<const void*> outermost_;  // where DIEs of functions are that are in no other
    std::size_t functions_left_ = kMaxFunctions;
    // Tasks wait in the same few places: of some fifty frames twenty differ.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<SourceFrame>> frames_;
};

}  // namespace coredepot::decoder
