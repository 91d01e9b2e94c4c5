#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decoder/arch/general_registers.hpp"

namespace coredepot::decoder {

/// The registers as a frame has them, by their DWARF number: Xtensa a0-a15 (of its own register
/// window), RISC-V x0-x31, then f0-f31. No core dump holds the latter: known are those that another
/// function has saved. Empty: nothing kept what the register held.
using FrameRegisters = std::array<std::optional<std::uint32_t>, 2 * kGeneralRegisters>;

/// Those of the innermost frame, of which the core dump has `general`.
constexpr FrameRegisters frame_registers(const GeneralRegisters& general) {
    FrameRegisters registers;
    std::ranges::copy(general, registers.begin());
    return registers;
}

/// A frame on the stack. Calls that the compiler inlined are added later, from its address.
struct PhysicalFrame {
    std::uint32_t pc = 0;
    std::uint32_t lookup = 0;  ///< where to look up its function and line: pc, or one byte before
    std::uint32_t sp = 0;      ///< 0: not known
    bool guessed = false;      ///< found by a search of the stack, or above such a frame
    bool tail_call = false;    ///< not on the stack: it ended with a jump to the frame before it
    FrameRegisters registers{};
    std::optional<std::uint32_t> cfa{};  ///< DWARF's canonical frame address: the caller's sp
    /// By how much a register number is higher in the caller for what is in the same place: on
    /// Xtensa the window turns by 4, 8 or 12 registers a call.
    std::size_t window_shift = 0;
    /// Xtensa: the call is not finished, its ENTRY has yet to turn the window. `registers` are the
    /// caller's.
    bool at_entry = false;
};

/// Frames of a stack that are kept: of a runaway recursion, what began it is as telling as how it
/// ended. Those in the middle are alike.
constexpr std::size_t kInnermostFrames = 192;
constexpr std::size_t kOutermostFrames = 32;
constexpr std::size_t kMaxFrames = kInnermostFrames + 2 * kOutermostFrames;

/// How many frames a walk may pass: 16 bytes each of 256 KiB. A hostile dump may have a thousand
/// tasks on such a stack, and all walks together pass no more than the latter.
constexpr std::size_t kMaxDepth = 16'384;
constexpr std::size_t kMaxAllDepth = 131'072;

/// The frames of one stack, innermost first.
struct Walk {
    std::vector<PhysicalFrame> frames;  ///< fewer than kMaxFrames
    std::size_t folded = 0;  ///< how many frames are left out before the one at kInnermostFrames
    std::string end;         ///< why the walk ended early; empty: it reached the outermost frame

    std::size_t depth() const { return frames.size() + folded; }

    /// Goes on to the next frame, and folds those in the middle when there are many.
    void add(const PhysicalFrame& frame) {
        frames.push_back(frame);
        if (frames.size() == kMaxFrames) {
            const auto middle = frames.begin() + kInnermostFrames;
            frames.erase(middle, middle + kOutermostFrames);
            folded += kOutermostFrames;
        }
    }

    /// The end of a walk that passes no more frames.
    static std::string too_deep(std::size_t depth) {
        return "more than " + std::to_string(depth) + " frames";
    }
};

}  // namespace coredepot::decoder
