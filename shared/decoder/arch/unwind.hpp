#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decoder/arch/general_registers.hpp"

namespace coredepot::decoder {

/// A frame on the stack. Calls that the compiler inlined are added later, from its address.
struct PhysicalFrame {
    std::uint32_t pc = 0;
    std::uint32_t lookup = 0;  ///< where to look up its function and line: pc, or one byte before
    std::uint32_t sp = 0;      ///< 0: not known
    bool guessed = false;      ///< found by a search of the stack, or above such a frame
    bool tail_call = false;    ///< not on the stack: it ended with a jump to the frame before it
    GeneralRegisters registers{};        ///< on Xtensa of its own window; empty: nothing kept it
    std::optional<std::uint32_t> cfa{};  ///< DWARF's canonical frame address: the caller's sp
    /// By how much a register number is higher in the caller for what is in the same place: on
    /// Xtensa the window turns by 4, 8 or 12 registers a call.
    std::size_t window_shift = 0;
    /// Xtensa: the call is not finished, its ENTRY has yet to turn the window. `registers` are the
    /// caller's.
    bool at_entry = false;
};

/// The frames of one stack, innermost first.
struct Walk {
    std::vector<PhysicalFrame> frames;
    std::string end;  ///< why the walk ended early; empty: it reached the outermost frame
};

/// Deeper stacks than this are runaway recursion, of which more frames tell no more.
constexpr std::size_t kMaxFrames = 256;

/// ESP-IDF gives a task whose stack makes no sense one here, where no memory is: the first at
/// `COREDUMP_FAKE_STACK_START` (core_dump_port.c), the next behind it, of one register frame each
/// (160 bytes at most). Its limit, 0x30000000, is not the one here: the S31 has its RAM below that.
constexpr bool is_fake_stack(std::uint32_t address) {
    constexpr std::uint32_t kStart = 0x20000000;
    constexpr std::uint32_t kSize = 1U << 20U;  // for any number of tasks
    return address >= kStart && address < kStart + kSize;
}

}  // namespace coredepot::decoder
