#pragma once

#include <optional>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/fault_image.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// As Cpu::find_fault. The exception frame is where the dump of the stack begins. ESP-IDF before
/// 4.0 does not mark it: there it has the registers of the crash, and a cause that is one. An
/// interrupt makes such a frame, too, and saves its own cause or none.
std::optional<FaultImage> find_xtensa_fault(const CpuState& crashed, const Memory& memory);

}  // namespace coredepot::decoder
