#include "decoder/diagnosis/findings.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "decoder/arch/exception_names.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/diagnosis/address_description.hpp"
#include "decoder/diagnosis/crash_kind.hpp"
#include "decoder/diagnosis/stable_name.hpp"
#include "decoder/diagnosis/stack_overflow.hpp"
#include "decoder/diagnosis/vocabulary.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/target/chip.hpp"
#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {
namespace {

using Findings = std::vector<std::string>;

/// A stack with fewer free bytes than an interrupt saves on it is as good as full.
constexpr std::uint32_t kScarceStack = 128;

/// Whether the firmware stopped itself. abort() and assert() end in a fault that the panic handler
/// causes to get at the registers. What the CPU says about that fault is of no interest.
bool is_deliberate(const Report& report) {
    const auto* const reason = find_reason(report.panic_reason);
    return is_panic_of_software(report.tasks.front()) ||
           (reason != nullptr &&
            (reason->kind == kinds::kAbort || reason->kind == kinds::kAssertion));
}

/// Names a task in a sentence. The text of a panic does not always contain the name.
std::string task_text(const Task& task) {
    return task.name.empty() ? "a task" : "task '" + task.name + '\'';
}

/// Names the running task with its priority and core. The text of a panic has neither, because it
/// shows no task control block.
std::string running_text(const Report& report) {
    const Task& task = report.tasks.front();
    if (report.source == Source::PanicText) {
        return task_text(task);
    }
    return task_text(task) + " (priority " + std::to_string(task.priority) +
           (task.core ? ", core " + std::to_string(*task.core) : "") + ')';
}

void add_exception(const Report& report, Findings& found) {
    if (!report.exception || is_deliberate(report)) {
        return;
    }
    const Exception& exception = *report.exception;
    const std::string meaning = exception_meaning(report.architecture, exception.cause);
    if (meaning.empty()) {
        return;
    }
    std::string text = exception.name + ": " + meaning;
    if (!exception.region.empty()) {
        text += "; " + hex_address(exception.address) + " is in " + exception.region;
    }
    found.push_back(text + '.');
}

void add_stack(const Report& report, Findings& found) {
    const Task& task = report.tasks.front();
    const auto* const reason = find_reason(report.panic_reason);
    if (reason != nullptr && reason->kind == kinds::kStackOverflow) {
        const bool at_switch = reason->start.starts_with("***ERROR***");
        found.push_back("The stack of task '" + report.crash.detail + "' overflowed: " +
                        (at_switch ? "FreeRTOS found its end overwritten when it switched tasks."
                                   : "the guard at its end was touched."));
        return;
    }
    if (report.crash.kind == kinds::kStackSmashed) {
        found.push_back("A function of " + task_text(task) + " wrote over the end of a local " +
                        "array: its stack canary was overwritten when it returned.");
    }
    const auto sp = task.stack_pointer;
    if (!task.crashed || !sp || !task.stack_start || !task.stack_end ||
        report.in_interrupt == true || task.stack_is_fake) {
        return;
    }
    if (*sp < *task.stack_start && has_overflowed(report)) {
        found.push_back("The stack of " + task_text(task) + " overflowed: its stack pointer " +
                        hex_address(*sp) + " is " + std::to_string(*task.stack_start - *sp) +
                        " bytes below the end of the stack.");
    } else if (*sp < *task.stack_start || *sp > *task.stack_end) {
        found.push_back("The stack pointer " + hex_address(*sp) + " is outside of the stack of " +
                        task_text(task) + ".");
    } else if (*sp - *task.stack_start < kScarceStack) {
        found.push_back("The stack of " + task_text(task) + " was nearly used up: " +
                        std::to_string(*sp - *task.stack_start) + " bytes were free.");
    }
}

void add_watchdog(const Report& report, Findings& found) {
    const std::string running = running_text(report);
    if (report.crash.kind == kinds::kTaskWatchdog) {
        std::string starved;
        for (const auto& name : starved_tasks(report.panic_reason)) {
            starved += (starved.empty() ? "'" : ", '") + name + '\'';
        }
        found.push_back("The task watchdog fired while " + running + " was running" +
                        (starved.empty() ? "" : "; it starved " + starved) + '.');
    } else if (report.exception && exception_kind(report.architecture, report.exception->cause) ==
                                       kinds::kInterruptWatchdog) {
        found.push_back("The interrupt watchdog fired: interrupts were held off while " + running +
                        " was running.");
    }
}

/// Covers only the innermost frames, which people look at first.
void add_twins(const Report& report, Findings& found) {
    constexpr std::size_t kInnermost = 8;
    const auto& frames = report.tasks.front().frames;
    for (std::size_t i = 0; i < std::min(frames.size(), kInnermost); ++i) {
        const Frame& frame = frames[i];
        const auto is_other = [own = stable_name(frame.function)](const std::string& twin) {
            return stable_name(twin) != own;
        };
        const auto others = std::ranges::count_if(frame.twins, is_other);
        const auto other = std::ranges::find_if(frame.twins, is_other);
        if (other == frame.twins.end()) {
            continue;
        }
        const std::string more = others > 1 ? " and " + std::to_string(others - 1) + " more" : "";
        found.push_back("The functions '" + frame.function + "' and '" + *other + '\'' + more +
                        " are one in this build: it may be any of them that was called.");
    }
}

void add_interrupt(const Report& report, Findings& found) {
    if (report.in_interrupt == true) {
        found.push_back("The crash was in an interrupt, which came while " +
                        task_text(report.tasks.front()) + " was running.");
    }
}

void add_program_counter(const Report& report, const ApplicationElf& elf,
                         const SymbolTable& symbols, Findings& found) {
    const Task& task = report.tasks.front();
    if (elf.is_code(task.pc) || in_mask_rom(report.chip, task.pc)) {
        return;
    }
    if (task.stack_is_fake) {
        found.push_back("The stack of " + task_text(task) +
                        " made no sense to the device, which wrote a made-up one: its registers " +
                        "mean nothing.");
        return;
    }
    found.push_back("The program counter " + hex_address(task.pc) + " is not code: it is in " +
                    describe_address(task.pc, report, elf, symbols) + '.');
}

}  // namespace

std::vector<std::string> findings(const Report& report, const ApplicationElf& elf,
                                  const SymbolTable& symbols) {
    Findings found;
    if (report.crashed_task() == nullptr) {
        return found;
    }
    add_exception(report, found);
    add_program_counter(report, elf, symbols, found);
    add_stack(report, found);
    add_watchdog(report, found);
    add_interrupt(report, found);
    add_twins(report, found);
    return found;
}

}  // namespace coredepot::decoder
