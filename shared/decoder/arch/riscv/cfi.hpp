#pragma once

#include <cstdint>
#include <optional>

#include "decoder/arch/unwind.hpp"
#include "decoder/dwarf/frame_rules.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// What call frame information says of the caller of a frame.
struct CallerFrame {
    FrameRegisters registers;  ///< as the caller had them, `sp` and callee-saved ones included
    std::optional<std::uint32_t> return_address;  ///< empty: could not be read
    bool outermost = false;                       ///< the frame says that nothing called it
    bool return_address_lost = false;             ///< nothing says where it was kept
    /// The frame is of millicode, `__riscv_save_N`, which returns by t0 and which the caller calls
    /// before it has a frame of its own.
    bool in_prologue = false;
};

/// The caller of a frame that has `registers`, by the rules for the instruction that runs there;
/// `return_register`: the one whose value at the beginning of a function is its return address.
/// Empty: what the rules start from is not known.
std::optional<CallerFrame> caller_by(const FrameRules& rules, std::size_t return_register,
                                     const FrameRegisters& registers, const Memory& memory);

}  // namespace coredepot::decoder
