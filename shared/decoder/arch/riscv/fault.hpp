#pragma once

#include <optional>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/fault_image.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// As Cpu::find_fault. The exception frame is where the dump of the stack begins, and right below
/// the stack pointer: where all of the RAM was dumped (CONFIG_ESP_COREDUMP_CAPTURE_DRAM), that
/// alone tells. A frame that has not the registers of the crash is none; one that is shorter was
/// made by an interrupt (the task watchdog gives the panic handler that of the task it came upon),
/// and what lies behind its registers is older than the crash.
std::optional<FaultImage> find_riscv_fault(const CpuState& crashed, const Memory& memory);

}  // namespace coredepot::decoder
