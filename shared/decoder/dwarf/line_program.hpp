#pragma once

#include <cstdint>
#include <vector>

#include "decoder/dwarf/line_header.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// The code from this address to that of the next row belongs to this line.
struct LineRow {
    std::uint32_t address = 0;
    std::uint32_t line = 1;
    std::uint32_t file = 1;     ///< LineHeader::file()
    bool is_statement = false;  ///< a statement begins here
    bool is_part = false;       ///< part of a line that the compiler split (a discriminator)
};

/// Where the rows of one function are. DWARF calls these rows a sequence.
struct LineSequence {
    std::uint32_t start = 0, end = 0;  ///< of its code
    std::uint32_t offset = 0;          ///< in LineHeader::program()
};

/// All functions of `table` that the linker has not dropped, sorted by address.
///
/// libdw keeps all rows of all units that it was asked about, and sorts them. They take up to 120
/// bytes for each byte of the table.
std::vector<LineSequence> line_sequences(const LineHeader& table, const Deadline& deadline);

/// The rows of `sequence`, sorted by address. The last row has the address after the function, and
/// no code.
std::vector<LineRow> line_rows(const LineHeader& table, const LineSequence& sequence,
                               const Deadline& deadline);

}  // namespace coredepot::decoder
