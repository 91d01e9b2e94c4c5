#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Code ranges of functions in all units of one ELF; a real one comes to some 5 000.
constexpr std::size_t kMaxFunctions = 500'000;

/// Where the functions of compilation units are described, of those units that a dump led to. To
/// find out takes a walk over all of a unit; the next dump of the ELF leads to the same few.
class FunctionIndex {
  public:
    /// The function of `unit` that `address` lies in; empty: none with debug information.
    std::optional<Dwarf_Die> find(Dwarf_Die* unit, std::uint32_t address, const Deadline& deadline);

    /// Whether `function` was seen to stand in no other function. Most do, and to look for what is
    /// around a DIE takes another walk over its unit.
    bool is_outermost(Dwarf_Die function) const;

    /// Bytes that it takes.
    std::size_t memory() const;

  private:
    struct Function {
        std::uint32_t start, end;
        std::uint32_t die;  ///< its offset in `.debug_info`
    };
    /// Where functions of a unit are looked for.
    enum class Nesting { InNamespaces, Anywhere };
    struct Functions {
        std::vector<Function> ranges;        ///< by start
        std::vector<const void*> outermost;  ///< where DIEs of functions in no other are; ascending
    };
    struct Unit {
        Functions in_namespaces;
        std::optional<Functions> anywhere;  ///< empty: nobody asked yet
    };

    Unit& unit_of(Dwarf_Die* unit, const Deadline& deadline);
    Functions read(Dwarf_Die* unit, Nesting nesting, const Deadline& deadline);
    void collect(Dwarf_Die parent, Nesting nesting, int depth, const Deadline& deadline,
                 Functions& functions);

    std::unordered_map<const void*, Unit> units_;  // by where their DIEs are
    std::size_t functions_left_ = kMaxFunctions;
};

}  // namespace coredepot::decoder
