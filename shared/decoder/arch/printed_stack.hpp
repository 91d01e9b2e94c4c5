#pragma once

#include <cstdint>
#include <vector>

#include "decoder/arch/cpu_state.hpp"

namespace coredepot::decoder {

/// A frame as the device itself found it: an entry `pc:sp` of the line `Backtrace:`.
struct ListedFrame {
    std::uint32_t pc = 0;  ///< as printed. Xtensa: the return address less 3, the size of a call
    std::uint32_t sp = 0;
};

/// Words of memory, the first at the address `start`.
struct PrintedWords {
    std::uint32_t start = 0;
    std::vector<std::uint32_t> words;
};

/// What the panic handler printed of the stack that one CPU core was on.
struct PrintedStack {
    CpuState cpu;                     ///< of the registers that were printed
    bool has_pc = false;              ///< the pc was
    std::vector<ListedFrame> frames;  ///< innermost first
    std::vector<PrintedWords> memory;
};

}  // namespace coredepot::decoder
