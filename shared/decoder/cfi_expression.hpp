#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "decoder/cfi.hpp"

namespace coredepot::decoder {

/// The value that a DWARF expression out of call frame information leaves, with `cfa` as the
/// canonical frame address (empty while that is what is being computed).
struct ExpressionValue {
    std::uint32_t value = 0;
    bool is_address = true;  ///< of the place where a register was saved; else the register itself
};

/// Evaluates the operations that compilers emit for call frames: base registers, constants,
/// additions, dereferences. Empty: another operation, or a register or word that is not known.
std::optional<ExpressionValue> evaluate(std::span<const Dwarf_Op> operations,
                                        const RiscvRegisters& registers, const Memory& memory,
                                        std::optional<std::uint32_t> cfa);

}  // namespace coredepot::decoder
