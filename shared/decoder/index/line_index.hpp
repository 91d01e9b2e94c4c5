#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "decoder/dwarf/line_program.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// Where in the line tables of one ELF the functions are, of those tables that a dump led to. To
/// find out takes a run of the whole table; the next dump of the ELF leads to the same few.
class LineIndex {
  public:
    /// The function with code at `address`; empty: `table` has none.
    std::optional<LineSequence> find(const LineHeader& table, std::uint32_t address,
                                     const Deadline& deadline);

    /// Bytes that it takes.
    std::size_t memory() const;

  private:
    std::unordered_map<const void*, std::vector<LineSequence>> tables_;  // by where they are
};

}  // namespace coredepot::decoder
