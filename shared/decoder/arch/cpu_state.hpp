#pragma once

#include <cstdint>
#include <optional>

#include "decoder/arch/general_registers.hpp"

namespace coredepot::decoder {

/// The registers of one task at the moment it stopped running.
struct CpuState {
    std::uint32_t pc = 0;
    /// Whether `pc` is the return address of a call rather than the instruction that runs next: a
    /// task that yielded of its own accord (a "solicited" frame of the Xtensa port).
    bool pc_is_return_address = false;
    GeneralRegisters general;
    /// Xtensa only: lbeg lend lcount sar ps.
    std::optional<std::uint32_t> loop_begin, loop_end, loop_count, shift_amount, status;
};

}  // namespace coredepot::decoder
