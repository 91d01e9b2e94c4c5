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

/// The registers of a note, and of what is saved on top of a stack: they are the same. Throws
/// Undecodable when there are too few bytes.
CpuState read_riscv_registers(std::span<const std::byte> bytes);

/// As Cpu::write_note.
std::string write_riscv_note(const CpuState& state);

}  // namespace coredepot::decoder
