#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "decoder/arch/cpu_state.hpp"

namespace coredepot::decoder {

constexpr std::size_t kRiscvReturn = 1;  ///< ra
constexpr std::size_t kRiscvStack = 2;   ///< sp

/// Where the made-up stacks begin (made_up_stack.hpp): up to ESP-IDF 6.0, and from 6.1 on.
constexpr std::array<std::uint32_t, 2> kRiscvMadeUpStacks = {0x20000000, 0x70000000};

/// Reads the registers of a note, or those on top of a stack, which have the same layout. Throws
/// Undecodable when there are too few bytes.
CpuState read_riscv_registers(std::span<const std::byte> bytes);

/// For Cpu::write_note.
std::string write_riscv_note(const CpuState& state);

}  // namespace coredepot::decoder
