#include "decoder/arch/xtensa/printed_stack.hpp"

#include <algorithm>

#include "decoder/arch/xtensa/code.hpp"
#include "decoder/arch/xtensa/registers.hpp"

namespace coredepot::decoder {
namespace {

/// A return address is behind the call, which takes three bytes, but the device lists the start of
/// the call (esp_cpu_process_stack_pc()). Since ESP-IDF 4.0 it also subtracts them from the first
/// entry, which is no return address.
constexpr std::uint32_t kCallBytes = kXtensaCallBytes;
/// In a return address, this says that the call turned the window by eight registers, as GCC's
/// calls do.
constexpr std::uint32_t kCall8 = 0x80000000;

/// Where a function saves its caller's a0 and a1, below its own stack pointer (Xtensa ISA
/// reference, "Windowed Register Usage and Stack Layout").
constexpr std::uint32_t kSaveArea = 16;

std::uint32_t return_address(const ListedFrame& frame) {
    return kCall8 | ((frame.pc + kCallBytes) & kXtensaCodeMask);
}

/// Removes frames that make no sense: the device also lists the one where it gave up, as the last.
void keep_sound_frames(std::vector<ListedFrame>& frames) {
    std::size_t count = std::min<std::size_t>(frames.size(), 1);
    while (count < frames.size() && frames[count].sp > frames[count - 1].sp &&
           ((frames[count].pc + kCallBytes) & kXtensaCodeMask) != 0) {
        ++count;
    }
    frames.resize(count);
}

void complete_registers(PrintedStack& stack) {
    CpuState& state = stack.cpu;
    const auto& frames = stack.frames;
    set_status_of_task(state);
    if (!stack.has_pc) {
        state.pc = frames.empty() ? 0 : frames.front().pc + kCallBytes;
    }
    if (!frames.empty() && !state.general[kXtensaStack]) {
        state.general[kXtensaStack] = frames.front().sp;
    }
    auto& saved = state.general[kXtensaReturn];
    if (frames.size() > 1) {
        const auto next = return_address(frames[1]);
        if (!saved || ((*saved ^ next) & kXtensaCodeMask) != 0) {
            saved = next;
        }
    } else if (!saved || !frames.empty()) {
        saved = 0;
    }
}

/// Adds the memory in which the frames saved their callers' registers.
void add_save_areas(PrintedStack& stack) {
    const auto& frames = stack.frames;
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const std::uint32_t next = i + 1 < frames.size() ? return_address(frames[i + 1]) : 0;
        stack.memory.push_back({frames[i - 1].sp - kSaveArea, {next, frames[i].sp}});
    }
}

}  // namespace

void complete_xtensa_stack(PrintedStack& stack) {
    keep_sound_frames(stack.frames);
    complete_registers(stack);
    add_save_areas(stack);
    for (ListedFrame& frame : stack.frames) {
        frame.pc = xtensa_code_address(frame.pc + kCallBytes);
    }
}

}  // namespace coredepot::decoder
