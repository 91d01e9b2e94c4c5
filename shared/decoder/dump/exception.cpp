#include "decoder/dump/exception.hpp"

#include <algorithm>
#include <string>

#include "decoder/arch/exception_names.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/dump/core_layout.hpp"

namespace coredepot::decoder {
namespace {

/// Xtensa special register numbers, as kExcCause.
constexpr std::uint32_t kFirstEpc = 177;  ///< EPC1; EPC7 is 183
constexpr std::uint32_t kFirstEps = 194;  ///< EPS2; EPS7 is 199

/// Byte offsets in XtExcFrame (xtensa_context.h), and its first word for the crashed task.
constexpr std::uint32_t kXtensaPcOffset = 1 * 4;
constexpr std::uint32_t kXtensaStackOffset = 4 * 4;
constexpr std::uint32_t kXtensaCauseOffset = 20 * 4;
constexpr std::uint32_t kXtensaAddressOffset = 21 * 4;
constexpr std::uint32_t kCrashedTaskMark = 0xDEADBEEF;

/// Byte offsets in RvExcFrame (rvruntime-frames.h): mcause and mtval follow 32 registers, mstatus
/// and mtvec; mhartid is the last. The stack stays on a 16-byte boundary.
constexpr std::uint32_t kMcauseOffset = 34 * 4;
constexpr std::uint32_t kMtvalOffset = 35 * 4;
constexpr std::uint32_t kRiscvFrameBytes = 37 * 4;
constexpr std::uint32_t kRiscvFrameOnStack = 160;

const TaskImage* crashed_task(const CoreImage& image) {
    const bool known = !image.tasks.empty() && image.tasks.front().crashed;
    return known ? &image.tasks.front() : nullptr;
}

std::optional<std::uint32_t> special_register(const CoreImage& image, std::uint32_t number) {
    const auto found = std::ranges::find(image.special_registers, number, &SpecialRegister::number);
    return found == image.special_registers.end() ? std::nullopt : std::optional{found->value};
}

/// What lies at the two offsets from the start of the segment that holds the crashed task's stack,
/// which is where its exception frame is.
std::optional<FaultImage> on_stack(const Memory& memory, std::uint32_t frame,
                                   std::uint32_t cause_offset, std::uint32_t address_offset) {
    const auto cause = memory.u32(frame + cause_offset);
    const auto address = memory.u32(frame + address_offset);
    return cause && address ? std::optional{FaultImage{*cause, *address}} : std::nullopt;
}

/// In a note of its own, which tells it also of a task that was left out.
std::optional<FaultImage> noted_exception(const CoreImage& image) {
    const auto cause = special_register(image, kExcCause);
    if (!cause) {
        return std::nullopt;
    }
    return FaultImage{*cause, special_register(image, kExcVaddr).value_or(0)};
}

/// The exception frame is where the dump of the stack begins. ESP-IDF before 4.0 does not mark it:
/// there it has the registers of the crash, and a cause that is one. An interrupt makes such a
/// frame, too, and saves its own cause or none.
std::optional<FaultImage> xtensa_exception(const CoreImage& image, const TaskImage& task) {
    const Memory& memory = image.memory;
    const auto sp = task.cpu.general[kXtensaStack];
    const Segment* const stack = memory.find(sp.value_or(0));
    if (stack == nullptr) {
        return std::nullopt;
    }
    const std::uint32_t frame = stack->start;
    const auto found = on_stack(memory, frame, kXtensaCauseOffset, kXtensaAddressOffset);
    if (memory.u32(frame) == kCrashedTaskMark) {
        return found;
    }
    const bool is_of_crash = memory.u32(frame + kXtensaPcOffset) == task.cpu.pc &&
                             memory.u32(frame + kXtensaStackOffset) == sp;
    // A Level1InterruptCause needs no explanation, and is none.
    const bool is_cause = found && !exception_meaning(image.architecture, found->cause).empty();
    return is_of_crash && is_cause ? found : std::nullopt;
}

/// The exception frame is where the dump of the stack begins, and right below the stack pointer:
/// where all of the RAM was dumped (CONFIG_ESP_COREDUMP_CAPTURE_DRAM), that alone tells. A frame
/// that has not the registers of the crash is none; one that is shorter was made by an interrupt
/// (the task watchdog gives the panic handler that of the task it came upon), and what lies behind
/// its registers is older than the crash.
std::optional<FaultImage> riscv_exception(const CoreImage& image, const TaskImage& task) {
    const std::uint32_t sp = task.cpu.general[kRiscvStack].value_or(0);
    const Segment* const stack = image.memory.find(sp - 1);  // sp may be where the stack ends
    if (stack == nullptr || is_fake_stack(stack->start)) {
        return std::nullopt;
    }
    for (const std::uint32_t frame : {stack->start, sp - kRiscvFrameOnStack}) {
        if (image.memory.u32(frame) == task.cpu.pc &&
            image.memory.u32(frame + 4 * kRiscvStack) == sp && sp - frame >= kRiscvFrameBytes) {
            return on_stack(image.memory, frame, kMcauseOffset, kMtvalOffset);
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<Exception> find_exception(const CoreImage& image) {
    auto found = image.fault ? image.fault : noted_exception(image);
    const TaskImage* const task = crashed_task(image);
    if (!found && task != nullptr && image.source == Source::CoreDump) {
        const bool xtensa = image.architecture == Architecture::Xtensa;
        found = xtensa ? xtensa_exception(image, *task) : riscv_exception(image, *task);
    }
    if (!found) {
        return std::nullopt;
    }
    return Exception{.cause = found->cause,
                     .address = found->address,
                     .name = exception_name(image.architecture, found->cause),
                     .has_address = has_fault_address(image.architecture, found->cause)};
}

std::vector<Register> named_special_registers(const CoreImage& image) {
    std::vector<Register> registers;
    const auto add = [&](const char* prefix, std::uint32_t first_number, std::uint32_t first,
                         std::uint32_t last) {
        for (std::uint32_t level = first; level <= last; ++level) {
            if (const auto value = special_register(image, first_number + level - first)) {
                registers.push_back({prefix + std::to_string(level), *value, {}});
            }
        }
    };
    add("epc", kFirstEpc, 1, 7);
    add("eps", kFirstEps, 2, 7);
    return registers;
}

}  // namespace coredepot::decoder
