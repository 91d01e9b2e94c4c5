#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// The most code ranges of functions in all units of one ELF. A real ELF has about 5 000.
constexpr std::size_t kMaxFunctions = 500'000;

/// Finds the descriptions of functions in those compilation units that dumps have led to. That
/// takes a walk over a whole unit, and the next dump of the same ELF leads to the same few units.
class FunctionIndex {
  public:
    /// The function of `unit` that contains `address`; empty if none with debug information does.
    std::optional<Dwarf_Die> find(Dwarf_Die* unit, std::uint32_t address, const Deadline& deadline);

    /// Whether `function` is known to be in no other function. Most functions are in none, and
    /// looking for what encloses a DIE takes another walk over its unit.
    bool is_outermost(Dwarf_Die function) const;

    /// The memory that this takes, in bytes.
    std::size_t memory() const;

  private:
    struct Function {
        std::uint32_t start, end;
        std::uint32_t die;  ///< its offset in `.debug_info`
    };
    /// Where to look for the functions of a unit.
    enum class Nesting { InNamespaces, Anywhere };
    struct Functions {
        std::vector<Function> ranges;        ///< sorted by start
        std::vector<const void*> outermost;  ///< DIEs of functions that are in no other; ascending
    };
    struct Unit {
        Functions in_namespaces;
        std::optional<Functions> anywhere;  ///< empty until somebody asks
    };

    Unit& unit_of(Dwarf_Die* unit, const Deadline& deadline);
    Functions read(Dwarf_Die* unit, Nesting nesting, const Deadline& deadline);
    void collect(Dwarf_Die parent, Nesting nesting, int depth, const Deadline& deadline,
                 Functions& functions);

    std::unordered_map<const void*, Unit> units_;  // by the pointers to their DIEs
    std::size_t functions_left_ = kMaxFunctions;
};

}  // namespace coredepot::decoder
