#pragma once

#include <cstddef>

#include "decoder/arch/general_registers.hpp"
#include "decoder/arch/unwind.hpp"

namespace coredepot::decoder {

/// Whether a call preserves the register with this DWARF number (RISC-V psABI): zero, gp and tp, s0
/// to s11, fs0 to fs11. (ra and sp belong to the frame.)
constexpr bool survives_call(std::size_t number) {
    const auto is_saved = [](std::size_t n) { return n == 8 || n == 9 || (n >= 18 && n <= 27); };
    return number < kGeneralRegisters
               ? number == 0 || number == 3 || number == 4 || is_saved(number)
               : is_saved(number - kGeneralRegisters);  // numbered alike
}

/// Registers that only millicode preserves: ra, and the arguments in a0 to a7.
constexpr bool survives_millicode(std::size_t number) {
    return number == 1 || (number >= 10 && number <= 17);
}

/// The part of `registers` that a call preserves.
constexpr FrameRegisters preserved_by_call(const FrameRegisters& registers) {
    FrameRegisters preserved;
    for (std::size_t number = 0; number < registers.size(); ++number) {
        if (survives_call(number)) {
            preserved[number] = registers[number];
        }
    }
    return preserved;
}

}  // namespace coredepot::decoder
