#pragma once

#include <optional>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/arch/fault_image.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// For Cpu::find_fault. The exception frame is at the start of the stack's dump. ESP-IDF before 4.0
/// does not mark it; there we accept a frame with the crash's registers and a valid cause. An
/// interrupt makes such a frame, too, and saves its own cause or none.
std::optional<FaultImage> find_xtensa_fault(const CpuState& crashed, const Memory& memory);

}  // namespace coredepot::decoder
