#pragma once

#include <optional>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/fault_image.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// For Cpu::find_fault. The exception frame is at the start of the stack's dump, directly below the
/// stack pointer; when all of the RAM was dumped (CONFIG_ESP_COREDUMP_CAPTURE_DRAM), only the
/// latter helps. If the frame does not have the registers of the crash, it is not the exception's.
/// If it is shorter, an interrupt made it (the task watchdog passes the frame of the interrupted
/// task to the panic handler), and the memory after its registers is older than the crash.
std::optional<FaultImage> find_riscv_fault(const CpuState& crashed, const Memory& memory);

}  // namespace coredepot::decoder
