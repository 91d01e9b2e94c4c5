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

/// A frame's registers by DWARF number: Xtensa a0-a15 (of the frame's own register window), RISC-V
/// x0-x31, then f0-f31. A core dump does not contain the latter; we know only those that another
/// function has saved. Empty when nothing has kept the register's value.
using FrameRegisters = std::array<std::optional<std::uint32_t>, 2 * kGeneralRegisters>;

/// Those of the innermost frame. The core dump has `general`.
constexpr FrameRegisters frame_registers(const GeneralRegisters& general) {
    FrameRegisters registers;
    std::ranges::copy(general, registers.begin());
    return registers;
}

/// A frame on the stack. Inlined calls are added later, by its address.
struct PhysicalFrame {
    std::uint32_t pc = 0;
    std::uint32_t lookup = 0;  ///< where to look up its function and line: pc, or one byte before
    std::uint32_t sp = 0;      ///< 0: not known
    bool guessed = false;      ///< found by searching the stack, or above such a frame
    bool tail_call = false;    ///< not on the stack: it ended with a jump to the frame before it
    FrameRegisters registers{};
    std::optional<std::uint32_t> cfa{};  ///< DWARF's canonical frame address: the caller's sp
    /// How much higher a register's number is in the caller for the same content: on Xtensa each
    /// call turns the window by 4, 8 or 12 registers.
    std::size_t window_shift = 0;
    /// Xtensa: the call is not complete, because its ENTRY has not turned the window yet.
    /// `registers` are the caller's.
    bool at_entry = false;
};

/// How many frames of a stack are kept. In a runaway recursion, its start tells as much as its end,
/// and the frames in the middle are all alike.
constexpr std::size_t kInnermostFrames = 192;
constexpr std::size_t kOutermostFrames = 32;
constexpr std::size_t kMaxFrames = kInnermostFrames + 2 * kOutermostFrames;

/// How many frames a walk may pass: 16 bytes each in 256 KiB. A hostile dump may have a thousand
/// tasks on such a stack, so there is also a limit for all walks together.
constexpr std::size_t kMaxDepth = 16'384;
constexpr std::size_t kMaxAllDepth = 131'072;

/// The frames of one stack, innermost first.
struct Walk {
    std::vector<PhysicalFrame> frames;  ///< fewer than kMaxFrames
    std::size_t folded = 0;  ///< how many frames before the one at kInnermostFrames were left out
    std::string end;         ///< why the walk ended early; empty: it reached the outermost frame

    std::size_t depth() const { return frames.size() + folded; }

    /// Adds the next frame, and folds those in the middle if there are many.
    void add(const PhysicalFrame& frame) {
        frames.push_back(frame);
        if (frames.size() == kMaxFrames) {
            const auto middle = frames.begin() + kInnermostFrames;
            frames.erase(middle, middle + kOutermostFrames);
            folded += kOutermostFrames;
        }
    }

    /// Why a walk ended that must not pass more frames.
    static std::string too_deep(std::size_t depth) {
        return "more than " + std::to_string(depth) + " frames";
    }
};

}  // namespace coredepot::decoder
