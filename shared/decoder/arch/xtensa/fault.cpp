#include "decoder/arch/xtensa/fault.hpp"

#include <algorithm>

#include "decoder/arch/xtensa/causes.hpp"
#include "decoder/arch/xtensa/registers.hpp"

namespace coredepot::decoder {
namespace {

/// Byte offsets in XtExcFrame (xtensa_context.h), and its first word for the crashed task.
constexpr std::uint32_t kXtensaPcOffset = 1 * 4;
constexpr std::uint32_t kXtensaStackOffset = 4 * 4;
constexpr std::uint32_t kXtensaCauseOffset = 20 * 4;
constexpr std::uint32_t kXtensaAddressOffset = 21 * 4;
constexpr std::uint32_t kCrashedTaskMark = 0xDEADBEEF;

/// A Level1InterruptCause has no meaning to explain.
bool has_meaning(std::uint32_t cause) {
    const auto* const found = std::ranges::find(kXtensaCauses, cause, &ExceptionCause::cause);
    return found != kXtensaCauses.end() && !found->meaning.empty();
}

}  // namespace

std::optional<FaultImage> find_xtensa_fault(const CpuState& crashed, const Memory& memory) {
    const auto sp = crashed.general[kXtensaStack];
    const Segment* const stack = memory.find(sp.value_or(0));
    if (stack == nullptr) {
        return std::nullopt;
    }
    const std::uint32_t frame = stack->start;
    const auto found =
        saved_fault(memory, frame + kXtensaCauseOffset, frame + kXtensaAddressOffset);
    if (memory.u32(frame) == kCrashedTaskMark) {
        return found;
    }
    const bool is_of_crash = memory.u32(frame + kXtensaPcOffset) == crashed.pc &&
                             memory.u32(frame + kXtensaStackOffset) == sp;
    return is_of_crash && found && has_meaning(found->cause) ? found : std::nullopt;
}

}  // namespace coredepot::decoder
