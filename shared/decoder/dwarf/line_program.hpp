#pragma once

#include <cstdint>
#include <vector>

#include "decoder/dwarf/line_header.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// From its address on, to that of the next row, code is of that line.
struct LineRow {
    std::uint32_t address = 0;
    std::uint32_t line = 1;
    std::uint32_t file = 1;     ///< LineHeader::file()
    bool is_statement = false;  ///< begins here
    bool is_part = false;       ///< of a line that the compiler has told apart (a discriminator)
};

/// Where the rows of one function are (in the table's words: a sequence).
struct LineSequence {
    std::uint32_t start = 0, end = 0;  ///< of its code
    std::uint32_t offset = 0;          ///< of LineHeader::program()
};

/// All functions of `table` that the linker has not dropped, by address.
///
/// libdw keeps all rows of all units that it was asked about, in up to 120 bytes for one of the
/// table, and sorts them.
std::vector<LineSequence> line_sequences(const LineHeader& table, const Deadline& deadline);

/// The rows of `sequence`, by address; the last has the address after the function, and no code.
std::vector<LineRow> line_rows(const LineHeader& table, const LineSequence& sequence,
                               const Deadline& deadline);

}  // namespace coredepot::decoder
