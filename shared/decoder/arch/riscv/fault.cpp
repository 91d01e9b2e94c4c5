#include "decoder/arch/riscv/fault.hpp"

#include "decoder/arch/made_up_stack.hpp"
#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

/// Byte offsets in RvExcFrame (rvruntime-frames.h): mcause and mtval follow 32 registers, mstatus
/// and mtvec; mhartid is the last. The stack stays on a 16-byte boundary.
constexpr std::uint32_t kMcauseOffset = 34 * 4;
constexpr std::uint32_t kMtvalOffset = 35 * 4;
constexpr std::uint32_t kRiscvFrameBytes = 37 * 4;
constexpr std::uint32_t kRiscvFrameOnStack = 160;

}  // namespace

std::optional<FaultImage> find_riscv_fault(const CpuState& crashed, const Memory& memory) {
    const std::uint32_t sp = crashed.general[kRiscvStack].value_or(0);
    const Segment* const stack = memory.find(sp - 1);  // sp may be the end of the stack
    if (stack == nullptr || is_made_up_stack(kRiscvMadeUpStacks, stack->start)) {
        return std::nullopt;
    }
    for (const std::uint32_t frame : {stack->start, sp - kRiscvFrameOnStack}) {
        if (memory.u32(frame) == crashed.pc && memory.u32(frame + 4 * kRiscvStack) == sp &&
            sp - frame >= kRiscvFrameBytes) {
            return saved_fault(memory, frame + kMcauseOffset, frame + kMtvalOffset);
        }
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
