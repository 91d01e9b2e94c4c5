#pragma once

#include <cstdint>
#include <optional>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// A number in a DWARF expression. It has the size of an address unless the expression gives it a
/// type.
struct Operand {
    std::uint64_t value = 0;  ///< the bits beyond `bytes` are zero
    unsigned bytes = 4;       ///< 1 to 8
    bool is_signed = false;
    bool is_float = false;  ///< of 4 or 8 bytes; no operation calculates with it
};

/// `operand` without bits beyond its bytes.
Operand truncated(Operand operand);

std::int64_t as_signed(const Operand& operand);

/// Whether the operation only takes the top number.
bool is_unary(const Dwarf_Op& op);

/// The result of an arithmetic or logical operation, DW_OP_abs to DW_OP_xor; empty for a division
/// by zero. Unary operations take `right`, the top number.
std::optional<Operand> calculate(const Dwarf_Op& op, const Operand& left, const Operand& right);

/// The result of a relational operation, DW_OP_eq to DW_OP_ne.
bool compare(const Dwarf_Op& op, const Operand& left, const Operand& right);

}  // namespace coredepot::decoder
