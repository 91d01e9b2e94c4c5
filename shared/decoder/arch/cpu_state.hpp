#pragma once

#include <cstdint>
#include <optional>

#include "decoder/arch/general_registers.hpp"

namespace coredepot::decoder {

/// The registers of a task at the moment when it stopped running.
struct CpuState {
    std::uint32_t pc = 0;
    /// Whether `pc` is a call's return address and not the next instruction: the task yielded on
    /// its own (a "solicited" frame of the Xtensa port).
    bool pc_is_return_address = false;
    GeneralRegisters general;
    /// Xtensa only: lbeg lend lcount sar ps.
    std::optional<std::uint32_t> loop_begin, loop_end, loop_count, shift_amount, status;
};

}  // namespace coredepot::decoder
