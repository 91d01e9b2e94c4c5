#include "decoder/panic_text/panic_image.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "decoder/arch/cpu_state.hpp"
#include "decoder/panic_text/fault_cause.hpp"
#include "decoder/panic_text/words.hpp"

namespace coredepot::decoder {
namespace {

/// A return address is behind the call, which takes three bytes on Xtensa; the device lists where
/// the call begins (esp_cpu_process_stack_pc()). Since ESP-IDF 4.0 that goes for the first entry,
/// too, which is no return address.
constexpr std::uint32_t kCallBytes = 3;
/// In a return address: the call turned the window by eight registers, as GCC's calls do.
constexpr std::uint32_t kCall8 = 0x80000000;

/// Where a function saves a0 and a1 of its caller, below its stack pointer (Xtensa ISA reference,
/// "Windowed Register Usage and Stack Layout").
constexpr std::uint32_t kSaveArea = 16;

std::optional<std::uint32_t> register_value(const CoreText& part, const std::string& name) {
    const auto found = part.registers.find(name);
    return found == part.registers.end() ? std::nullopt : std::optional{found->second};
}

std::uint32_t return_address(const ListedFrame& frame) {
    return kCall8 | ((frame.pc + kCallBytes) & kXtensaCodeMask);
}

/// The frames that make sense: the device lists, as the last one, what made none to it.
std::vector<ListedFrame> sound_frames(const CoreText& part) {
    const auto& all = part.backtrace;
    std::size_t count = std::min<std::size_t>(all.size(), 1);
    while (count < all.size() && all[count].sp > all[count - 1].sp &&
           ((all[count].pc + kCallBytes) & kXtensaCodeMask) != 0) {
        ++count;
    }
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

CpuState xtensa_state(const CoreText& part, const std::vector<ListedFrame>& frames) {
    CpuState state;
    for (std::size_t i = 0; i < 16; ++i) {
        state.general[i] = register_value(part, 'A' + std::to_string(i));
    }
    state.loop_begin = register_value(part, "LBEG");
    state.loop_end = register_value(part, "LEND");
    state.loop_count = register_value(part, "LCOUNT");
    state.shift_amount = register_value(part, "SAR");
    state.status = register_value(part, "PS");
    if (state.status && (*state.status & kPsUserMode) != 0) {
        *state.status &= ~kPsExceptionMode;  // as in a core dump
    }
    const auto pc = register_value(part, "PC");
    state.pc = pc ? *pc : frames.empty() ? 0 : frames.front().pc + kCallBytes;
    if (!frames.empty() && !state.general[kXtensaStack]) {
        state.general[kXtensaStack] = frames.front().sp;
    }
    if (frames.size() > 1) {
        const auto next = return_address(frames[1]);
        auto& saved = state.general[kXtensaReturn];
        if (!saved || ((*saved ^ next) & kXtensaCodeMask) != 0) {
            saved = next;
        }
    } else if (!state.general[kXtensaReturn] || !frames.empty()) {
        state.general[kXtensaReturn] = 0;
    }
    return state;
}

CpuState riscv_state(const CoreText& part) {
    /// By their numbers, as panic_print_registers() calls them; the first is always 0.
    constexpr std::array<const char*, kGeneralRegisters> kNames = {
        "",   "RA", "SP", "GP", "TP",  "T0",  "T1", "T2", "S0/FP", "S1", "A0",
        "A1", "A2", "A3", "A4", "A5",  "A6",  "A7", "S2", "S3",    "S4", "S5",
        "S6", "S7", "S8", "S9", "S10", "S11", "T3", "T4", "T5",    "T6"};
    CpuState state;
    state.general[0] = 0;
    for (std::size_t i = 1; i < kNames.size(); ++i) {
        state.general[i] = register_value(part, kNames.at(i));
    }
    const bool listed = !part.backtrace.empty();
    state.pc = register_value(part, "MEPC").value_or(listed ? part.backtrace.front().pc : 0);
    if (listed && !state.general[kRiscvStack]) {
        state.general[kRiscvStack] = part.backtrace.front().sp;
    }
    return state;
}

/// Collects bytes of memory until all of them are there: Memory refers to them.
class MemoryText {
  public:
    void add(std::uint32_t start, const std::vector<std::uint32_t>& words) {
        pieces_.push_back({start, words.size() * 4});
        for (const std::uint32_t word : words) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                bytes_.push_back(static_cast<std::byte>(word >> shift & 0xFFU));
            }
        }
    }

    void move_to(CoreImage& image) {
        image.own_bytes = std::make_shared<const std::vector<std::byte>>(std::move(bytes_));
        std::size_t offset = 0;
        for (const auto& [start, size] : pieces_) {
            image.memory.add({start, std::span{*image.own_bytes}.subspan(offset, size)});
            offset += size;
        }
    }

  private:
    struct Piece {
        std::uint32_t start;
        std::size_t size;
    };
    std::vector<Piece> pieces_;
    std::vector<std::byte> bytes_;
};

/// What the frames saved of their callers.
void add_save_areas(const std::vector<ListedFrame>& frames, MemoryText& memory) {
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const std::uint32_t next = i + 1 < frames.size() ? return_address(frames[i + 1]) : 0;
        memory.add(frames[i - 1].sp - kSaveArea, {next, frames[i].sp});
    }
}

std::string end_of(const CoreText& part) {
    switch (part.end) {
        case ListedEnd::Corrupted:
            return "the device found the stack corrupt here";
        case ListedEnd::Continues:
            return "the device printed no more frames";
        case ListedEnd::Outermost:
            break;
    }
    return {};
}

TaskImage task_of(const CoreText& part, Architecture architecture, MemoryText& memory) {
    TaskImage task;
    task.name = part.task;
    if (architecture == Architecture::Xtensa) {
        const auto frames = sound_frames(part);
        task.cpu = xtensa_state(part, frames);
        task.backtrace_end = end_of(part);
        add_save_areas(frames, memory);
        for (const ListedFrame& frame : frames) {
            task.listed.push_back({xtensa_code_address(frame.pc + kCallBytes), frame.sp});
        }
        return task;
    }
    task.cpu = riscv_state(part);
    for (const ListedFrame& frame : part.backtrace) {
        task.listed.push_back({frame.pc, frame.sp});
    }
    if (part.stack.empty()) {
        task.backtrace_end = end_of(part);
    }
    memory.add(part.stack_start, part.stack);
    return task;
}

/// What the CPU said: nothing of interest where the firmware itself panicked because of a watchdog.
std::optional<FaultImage> fault_of(const PanicText& panic, Architecture architecture) {
    if (is_of_task_watchdog(panic.reason)) {
        return std::nullopt;
    }
    const bool xtensa = architecture == Architecture::Xtensa;
    const CoreText& part = panic.cores.front();
    const auto printed = register_value(part, xtensa ? "EXCCAUSE" : "MCAUSE");
    const auto cause = fault_cause(architecture, panic.exception, printed);
    const auto address = register_value(part, xtensa ? "EXCVADDR" : "MTVAL");
    return cause ? std::optional{FaultImage{*cause, address.value_or(0)}} : std::nullopt;
}

}  // namespace

std::optional<Architecture> architecture_of(const PanicText& panic) {
    for (const CoreText& part : panic.cores) {
        if (part.registers.contains("MEPC")) {
            return Architecture::RiscV;
        }
        if (part.registers.contains("PC") || part.registers.contains("EXCCAUSE")) {
            return Architecture::Xtensa;
        }
    }
    const Chip* const chip = find_chip(panic.chip);
    return chip == nullptr ? std::nullopt : std::optional{chip->architecture};
}

CoreImage image_of(const PanicText& panic, Architecture architecture) {
    CoreImage image;
    image.source = Source::PanicText;
    image.architecture = architecture;
    const Chip* const chip = find_chip(panic.chip);
    image.chip = chip != nullptr && chip->architecture == architecture ? chip : nullptr;
    image.chip_revision = panic.chip_revision;
    image.elf_sha256_prefix = panic.elf_sha256_prefix;
    image.panic_reason = panic.reason;
    image.checked_error = panic.checked_error;
    image.fault = fault_of(panic, architecture);
    MemoryText memory;
    for (const CoreText& part : panic.cores) {
        image.tasks.push_back(task_of(part, architecture, memory));
    }
    image.tasks.front().crashed = true;
    image.tasks.front().stack_bounds = panic.stack_bounds;
    memory.move_to(image);
    for (const std::string& remark : panic.remarks) {
        image.remarks.push_back("The log says: " + remark);
    }
    if (panic.other_panics > 0) {
        image.remarks.push_back("The log holds " + std::to_string(panic.other_panics) +
                                (panic.other_panics == 1 ? " panic" : " panics") +
                                " before this one.");
    }
    return image;
}

}  // namespace coredepot::decoder
