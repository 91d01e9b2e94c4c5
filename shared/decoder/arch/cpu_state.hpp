#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decoder/arch/general_registers.hpp"
#include "decoder/report/register.hpp"
#include "decoder/target/chip.hpp"

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

/// Xtensa code lies in the gigabyte at 0x40000000. The two highest bits of a windowed return
/// address hold the window increment of the call instead.
constexpr std::uint32_t kXtensaCodeMask = 0x3FFFFFFF;
constexpr std::uint32_t xtensa_code_address(std::uint32_t return_address) {
    return (return_address & kXtensaCodeMask) | 0x40000000;
}

/// Processor status bits (Xtensa ISA reference, PS register).
constexpr std::uint32_t kPsExceptionMode = 0x10;
constexpr std::uint32_t kPsUserMode = 0x20;

/// Reads the registers of a PRSTATUS note: `registers` is its descriptor from byte 72 on;
/// `crashed`: the task's pc is where it crashed. Throws Undecodable when it is too short.
CpuState registers_of_note(std::span<const std::byte> registers, Architecture architecture,
                           bool crashed);

/// Reads what FreeRTOS saved on top of a task's stack when it took the CPU from the task: what a
/// BIN dump has in place of notes. Throws Undecodable when `stack` is too short.
CpuState registers_of_stack(std::span<const std::byte> stack, Architecture architecture);

/// The known registers in the order in which the reference tool (gdb) prints them.
std::vector<Register> named_registers(const CpuState& state, Architecture architecture);

}  // namespace coredepot::decoder
