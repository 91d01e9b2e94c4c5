#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "decoder/dwarf/line_program.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Where the functions are in the line tables of one ELF, for the tables that a dump led to.
/// Finding them takes a run through the whole table. The next dump of the ELF leads to the same few
/// tables.
class LineIndex {
  public:
    /// The function with code at `address`; empty when `table` has none.
    std::optional<LineSequence> find(const LineHeader& table, std::uint32_t address,
                                     const Deadline& deadline);

    /// Its size in memory, in bytes.
    std::size_t memory() const;

  private:
    std::unordered_map<const void*, std::vector<LineSequence>> tables_;  // by their place in memory
};

}  // namespace coredepot::decoder
