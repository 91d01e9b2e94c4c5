#pragma once

#include <cstdint>
#include <vector>

#include "decoder/arch/cpu_state.hpp"

namespace coredepot::decoder {

/// A frame that the device itself found: an entry `pc:sp` of the line `Backtrace:`.
struct ListedFrame {
    /// As printed. On Xtensa: the return address minus 3, the size of a call.
    std::uint32_t pc = 0;
    std::uint32_t sp = 0;
};

/// Words of memory that start at the address `start`.
struct PrintedWords {
    std::uint32_t start = 0;
    std::vector<std::uint32_t> words;
};

/// What the panic handler printed about the stack of one CPU core.
struct PrintedStack {
    CpuState cpu;                     ///< the printed registers
    bool has_pc = false;              ///< the pc was printed
    std::vector<ListedFrame> frames;  ///< innermost first
    std::vector<PrintedWords> memory;
};

}  // namespace coredepot::decoder
