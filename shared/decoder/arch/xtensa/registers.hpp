#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "decoder/arch/cpu_state.hpp"

namespace coredepot::decoder {

constexpr std::size_t kXtensaRegisters = 16;  ///< in the current window
constexpr std::size_t kXtensaReturn = 0;      ///< a0
constexpr std::size_t kXtensaStack = 1;       ///< a1

/// Xtensa code is in the gigabyte at 0x40000000. In a windowed return address, the two highest bits
/// hold the call's window increment instead.
constexpr std::uint32_t kXtensaCodeMask = 0x3FFFFFFF;
constexpr std::uint32_t xtensa_code_address(std::uint32_t return_address) {
    return (return_address & kXtensaCodeMask) | 0x40000000;
}

/// Where the made-up stacks begin (made_up_stack.hpp).
constexpr std::array<std::uint32_t, 1> kXtensaMadeUpStacks = {0x20000000};

/// Restores the task's processor status, as the reference tool shows it: the exception itself has
/// set EXCM.
void set_status_of_task(CpuState& state);

/// For Cpu::read_note.
CpuState read_xtensa_note(std::span<const std::byte> bytes, bool crashed);

/// For Cpu::write_note.
std::string write_xtensa_note(const CpuState& state);

/// For Cpu::read_stack.
CpuState read_xtensa_stack(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
