#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decoder/report/frame.hpp"
#include "decoder/report/register.hpp"

namespace coredepot::decoder {

/// A FreeRTOS task, according to its task control block (TCB) and its stack in the dump.
struct Task {
    std::uint32_t tcb = 0;  ///< address; FreeRTOS calls it the task handle
    std::string name;
    bool crashed = false;
    std::uint32_t priority = 0;
    std::uint32_t base_priority = 0;
    std::optional<std::uint32_t> stack_used;     ///< bytes; empty: unknown
    std::optional<std::uint32_t> stack_free;     ///< bytes
    std::optional<std::uint32_t> stack_start{};  ///< lowest address; empty: unknown
    std::optional<std::uint32_t> stack_end{};    ///< the address after the highest
    bool stack_is_fake = false;   ///< it made no sense to the device, which made one up
    bool uses_own_stack = false;  ///< a frame of the walk is in the stack that the TCB names
    std::optional<std::uint32_t> core{};  ///< the core that it is bound to; empty: none, or unknown
    std::uint32_t pc = 0;
    std::optional<std::uint32_t> stack_pointer{};
    std::vector<Register> registers;  ///< in the reference tool's order
    std::vector<Frame> frames;        ///< innermost first
    std::string unwind_end;  ///< why the walk ended early; empty: it reached the outermost frame
    /// For a crash in an interrupt: what the task was doing when it came. `frames` are then the
    /// interrupt's.
    std::vector<Frame> interrupted_frames{};
    std::string interrupted_end{};  ///< like unwind_end
};

}  // namespace coredepot::decoder
