#include "decoder/report_builder.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "decoder/arch/made_up_stack.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/diagnosis/address_description.hpp"
#include "decoder/diagnosis/missing_debug_information.hpp"
#include "decoder/dump/exception.hpp"
#include "decoder/listed_walk.hpp"

namespace coredepot::decoder {
namespace {

/// No chip has more than two cores. xCoreID is 0x7FFFFFFF if a task is not bound to a core.
constexpr std::uint32_t kMaxCores = 4;
/// No task has a larger stack: this is the size of all external RAM.
constexpr std::uint32_t kMaxStackBytes = 32U << 20U;
/// The size of the longer of the register frames on a stack: 32 words.
constexpr std::size_t kSavedRegisterBytes = 128;

std::string_view chip_name(const CoreImage& image) {
    return image.chip == nullptr ? "" : image.chip->name;
}

/// Whether a frame of `walk`, or its caller's frame, lies in the stack that the control block
/// names. A task that needs more stack than it has may be far below it, but began there.
bool is_in_own_stack(const Walk& walk, const Task& task) {
    if (!task.stack_start || !task.stack_end) {
        return false;
    }
    const auto holds = [&](std::uint32_t sp) {
        return sp >= *task.stack_start && sp <= *task.stack_end;
    };
    return std::ranges::any_of(walk.frames, [&](const PhysicalFrame& frame) {
        return holds(frame.sp) || holds(frame.cfa.value_or(frame.sp));
    });
}

}  // namespace

ReportBuilder::ReportBuilder(const CoreImage& image, const PreparedElf& elf,
                             const Deadline& deadline)
    : image_{image},
      cpu_{cpu_of(image.architecture)},
      elf_{elf.elf()},
      symbols_{elf.symbols()},
      deadline_{deadline},
      dwarf_{elf.open_dwarf()},
      units_{dwarf_.get(), elf.index(), deadline},
      backtraces_{image.memory, elf, units_, deadline},
      unwinder_{cpu_.make_unwinder(
          {elf_, symbols_, elf.frames(), image.memory, chip_name(image), deadline})},
      layout_{read_tcb_layout(dwarf_.get(), elf.index().task_control_block, deadline)} {}

Report ReportBuilder::build() {
    Report report;
    report.architecture = image_.architecture;
    report.chip = chip_name(image_);
    report.source = image_.source;
    report.chip_revision = image_.chip_revision;
    report.in_interrupt = image_.in_interrupt;
    report.panic_reason = image_.panic_reason;
    report.checked_error = image_.checked_error;
    report.exception = find_exception(image_);
    report.special_registers = named_special_registers(image_);
    report.elf_sha256 = elf_.sha256();
    for (const TaskImage& task : image_.tasks) {
        deadline_.check();
        report.tasks.push_back(describe(task));
    }
    if (report.in_interrupt == true && !report.tasks.empty()) {
        describe_interrupted(image_.tasks.front(), report.tasks.front());
    }
    if (report.panic_reason.empty()) {
        report.panic_reason = reason_of_abort(report.crashed_task());
    }
    if (report.exception && report.exception->has_address) {
        report.exception->region =
            describe_address(report.exception->address, report, elf_, symbols_);
    }
    report.findings = image_.remarks;
    std::ranges::move(missing_debug_information(elf_, units_.split_files()),
                      std::back_inserter(report.findings));
    return report;
}

Task ReportBuilder::describe(const TaskImage& image) {
    Task task;
    task.tcb = image.tcb;
    task.crashed = image.crashed;
    if (image_.source == Source::PanicText) {
        describe_printed(image, task);
        return task;
    }
    if (is_believable(image)) {
        describe_control_block(image, task);
    }
    task.stack_is_fake = has_fake_stack(image.cpu);
    task.pc = image.cpu.pc;
    task.stack_pointer = stack_pointer(image.cpu);
    task.registers = describe_registers(image.cpu);
    Walk walk = unwind(image.cpu);
    task.uses_own_stack = is_in_own_stack(walk, task);
    task.frames = backtraces_.build(walk);
    task.unwind_end = backtraces_.is_full() ? "the backtraces have more than " +
                                                  std::to_string(kMaxAllFrames) + " frames"
                                            : std::move(walk.end);
    return task;
}

/// Whether the members of the task's control block are where the layout has them. An assumed layout
/// may not be the firmware's. It is better to leave the name out than to make one of other members.
bool ReportBuilder::is_believable(const TaskImage& image) const {
    if (!layout_.assumed) {
        return true;
    }
    const auto name = image_.memory.from(image.tcb + layout_.name);
    const auto text = name.first(std::min<std::size_t>(name.size(), layout_.name_bytes));
    const auto end = std::ranges::find(text, std::byte{0});
    const bool is_name = end != text.begin() && end != text.end() &&
                         std::all_of(text.begin(), end, [](std::byte byte) {
                             return byte >= std::byte{' '} && byte != std::byte{0x7F};
                         });
    const auto top = image_.memory.u32(image.tcb + layout_.top_of_stack);
    const auto start = image_.memory.u32(image.tcb + layout_.stack);
    return is_name && top && start && *start <= *top && *top - *start <= kMaxStackBytes;
}

void ReportBuilder::describe_control_block(const TaskImage& image, Task& task) const {
    const Memory& memory = image_.memory;
    const auto name = memory.from(image.tcb + layout_.name);
    const std::size_t name_bytes = std::min<std::size_t>(name.size(), layout_.name_bytes);
    task.name = printable({reinterpret_cast<const char*>(name.data()), name_bytes});
    task.priority = memory.u32(image.tcb + layout_.priority).value_or(0);
    task.base_priority = task.priority;
    if (layout_.base_priority) {
        task.base_priority = memory.u32(image.tcb + *layout_.base_priority).value_or(task.priority);
    }
    if (layout_.core) {
        // tskNO_AFFINITY is a large number.
        const auto core = memory.u32(image.tcb + *layout_.core);
        task.core = core && *core < kMaxCores ? core : std::nullopt;
    }
    describe_stack(image, task);
}

/// Describes a task in the text of a panic, which shows no task control block.
void ReportBuilder::describe_printed(const TaskImage& image, Task& task) {
    task.name = image.name;
    if (image.stack_bounds) {
        task.stack_start = image.stack_bounds->first;
        task.stack_end = image.stack_bounds->second;
    }
    task.pc = image.cpu.pc;
    task.stack_pointer = stack_pointer(image.cpu);
    task.registers = describe_registers(image.cpu);
    const bool has_stack = cpu_.frames_tell_memory ||
                           image_.memory.find(stack_pointer(image.cpu).value_or(0)) != nullptr;
    Walk walk = !image.calls.empty()                ? called_walk(image, cpu_, elf_, symbols_)
                : image.listed.empty() || has_stack ? unwind(image.cpu)
                                                    : listed_walk(image);
    task.frames = backtraces_.build(walk);
    task.unwind_end = image.backtrace_end.empty() ? walk.end : image.backtrace_end;
}

/// Dumps in the BIN format, and those of ESP-IDF before 5.1, have no note with the reason. The
/// reason is the argument of panic_abort(). Empty: it was not called, or the dump does not hold the
/// text.
std::string ReportBuilder::reason_of_abort(const Task* crashed) const {
    if (crashed == nullptr || crashed->frames.empty() || crashed->frames.front().args.empty() ||
        crashed->frames.front().function != "panic_abort") {
        return {};
    }
    const auto details = crashed->frames.front().args.front().number;
    if (!details || *details > UINT32_MAX) {
        return {};
    }
    const auto bytes = image_.memory.from(static_cast<std::uint32_t>(*details));
    return printable({reinterpret_cast<const char*>(bytes.data()),
                      std::min<std::size_t>(bytes.size(), kMaxPrintable)});
}

/// When an interrupt comes while a task runs, it saves the task's registers on the task's stack.
/// Then it saves the stack pointer in the task's TCB, as a task switch does.
void ReportBuilder::describe_interrupted(const TaskImage& image, Task& task) {
    if (image_.source == Source::PanicText) {
        if (image.interrupted) {
            Walk walk = unwind(image.interrupted->cpu);
            task.interrupted_frames = backtraces_.build(walk);
            task.interrupted_end = image.interrupted->backtrace_end;
        }
        return;
    }
    const auto top = image_.memory.u32(task.tcb + layout_.top_of_stack);
    const auto frame = image_.memory.from(top.value_or(0));
    if (!top || frame.size() < kSavedRegisterBytes) {
        task.interrupted_end = "the dump does not hold the stack of the interrupted task";
        return;
    }
    Walk walk = unwind(cpu_.read_stack(frame));
    task.interrupted_frames = backtraces_.build(walk);
    task.interrupted_end = std::move(walk.end);
}

void ReportBuilder::describe_stack(const TaskImage& image, Task& task) const {
    const Memory& memory = image_.memory;
    const auto top = memory.u32(image.tcb + layout_.top_of_stack);
    const auto start = memory.u32(image.tcb + layout_.stack);
    if (!top || !start) {
        return;
    }
    std::optional<std::uint32_t> end;
    if (layout_.end_of_stack) {
        end = memory.u32(image.tcb + *layout_.end_of_stack);
    } else if (const Segment* const stack = memory.find(*top)) {
        // The firmware does not keep the end, but the device dumps a stack from its top to its end.
        end = stack->start + static_cast<std::uint32_t>(stack->bytes.size());
    }
    task.stack_start = start;
    task.stack_end = end;
    if (end && *end >= *top) {
        task.stack_used = *end - *top;
    }
    if (*top >= *start) {
        task.stack_free = *top - *start;
    }
}

std::vector<Register> ReportBuilder::describe_registers(const CpuState& cpu) const {
    auto registers = named_registers(cpu, cpu_);
    for (Register& entry : registers) {
        if (entry.name == "pc" || entry.name == "ra") {
            entry.symbol = symbols_.describe(entry.value);
        }
    }
    return registers;
}

std::optional<std::uint32_t> ReportBuilder::stack_pointer(const CpuState& cpu) const {
    return cpu.general[cpu_.stack_register];
}

/// A garbage call may lead to exactly the made-up address. In that case, the dump holds the stack.
bool ReportBuilder::has_fake_stack(const CpuState& cpu) const {
    const auto sp = stack_pointer(cpu).value_or(0);
    const auto starts = cpu_.made_up_stacks;
    return is_made_up_stack(starts, sp) ||
           (is_made_up_pc(starts, cpu.pc) && image_.memory.find(sp) == nullptr);
}

Walk ReportBuilder::unwind(const CpuState& cpu) {
    const std::size_t max_depth = std::clamp(depth_left_, kMaxFrames - 1, kMaxDepth);
    Walk walk = unwinder_->unwind(cpu, max_depth);
    depth_left_ -= std::min(depth_left_, walk.depth());
    if (has_fake_stack(cpu)) {
        walk.end = "the stack of this task was corrupt when the device wrote the dump";
    }
    return walk;
}

}  // namespace coredepot::decoder
