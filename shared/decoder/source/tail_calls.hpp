#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decoder/dwarf/call_site.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/source/source_map.hpp"

namespace coredepot::decoder {

/// Finds the functions that a stack no longer holds because their last act was a call that the
/// compiler turned into a jump (a tail call).
///
/// The caller's debug information says which function a call goes to. If another function is found
/// running, tail calls must lead from the first to the second. The result is accepted only if there
/// is exactly one way.
class TailCalls {
  public:
    /// All must outlive this object.
    TailCalls(SourceMap& sources, CallSites& sites, const SymbolTable& symbols,
              const Deadline& deadline)
        : sources_{sources}, sites_{sites}, symbols_{symbols}, deadline_{deadline} {}

    struct Way {
        std::vector<std::uint32_t> calls{};  ///< where each would return to, innermost first
        /// The function that the caller called. Set when another function runs, and there is not
        /// exactly one way to it.
        std::optional<Dwarf_Die> begins_in{};
    };

    /// The tail calls between `caller`, which waits for the return to `return_address`, and
    /// `callee`; none when the caller called `callee` directly.
    Way between(const Dwarf_Die& callee, const Dwarf_Die& caller, std::uint32_t return_address);

  private:
    void search(const Dwarf_Die& from, const Dwarf_Die& callee);
    std::optional<Dwarf_Die> definition(Dwarf_Die function);

    SourceMap& sources_;
    CallSites& sites_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
    // The state of one search:
    std::vector<std::uint32_t> way_;
    std::vector<std::uint32_t> found_;
    int ways_ = 0;
    int steps_left_ = 0;
};

}  // namespace coredepot::decoder
