#pragma once

#include <cstdint>
#include <optional>

#include "decoder/arch/unwind.hpp"
#include "decoder/dwarf/frame_rules.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// What call frame information says about the caller of a frame.
struct CallerFrame {
    FrameRegisters registers;  ///< as the caller had them, including `sp` and callee-saved ones
    std::optional<std::uint32_t> return_address;  ///< empty: could not be read
    bool outermost = false;                       ///< the frame says that nothing called it
    bool return_address_lost = false;             ///< nothing says where it was saved
    /// The frame belongs to millicode, `__riscv_save_N`, which returns through t0. The caller calls
    /// it before it has a frame of its own.
    bool in_prologue = false;
};

/// Finds the caller of a frame that has `registers`. `rules` are those for the instruction that
/// runs there. `return_register` is the register that holds the return address at the beginning of
/// a function. Empty: the value that the rules start from is unknown.
std::optional<CallerFrame> caller_by(const FrameRules& rules, std::size_t return_register,
                                     const FrameRegisters& registers, const Memory& memory);

}  // namespace coredepot::decoder
