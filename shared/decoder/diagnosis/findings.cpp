#include "decoder/diagnosis/findings.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "decoder/arch/exception_names.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/diagnosis/address_description.hpp"
#include "decoder/report/kind_names.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {
namespace {

using Findings = std::vector<std::string>;

/// Fewer free bytes than an interrupt saves on a task's stack are as good as none.
constexpr std::uint32_t kScarceStack = 128;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// abort() and assert() end in a fault that the panic handler makes itself, to get at the
/// registers: what the CPU says of that one is of no interest.
bool is_deliberate(const Report& report) {
    const std::string_view reason = report.panic_reason;
    const bool told = reason.starts_with("abort()") || reason.starts_with("assert failed");
    const auto& frames = report.tasks.front().frames;
    return told || (!frames.empty() && frames.front().function == "panic_abort");
}

std::string task_text(const Task& task) {
    return "task '" + task.name + '\'';
}

bool is_running(const Task& task, std::string_view function) {
    return std::ranges::find(task.frames, function, &Frame::function) != task.frames.end();
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

/// `***ERROR*** A stack overflow in task sensor has been detected.`: FreeRTOS' check on a switch.
std::optional<std::string> overflow_found_by_kernel(std::string_view reason) {
    constexpr std::string_view kBefore = "stack overflow in task ";
    constexpr std::string_view kAfter = " has been detected";
    const auto start = reason.find(kBefore);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    const auto name = reason.substr(start + kBefore.size());
    return std::string{name.substr(0, name.find(kAfter))};
}

void add_stack(const Report& report, Findings& found) {
    const Task& task = report.tasks.front();
    if (const auto name = overflow_found_by_kernel(report.panic_reason)) {
        found.push_back("The stack of task '" + *name + "' overflowed: FreeRTOS found its end " +
                        "overwritten when it switched tasks.");
        return;
    }
    if (contains(report.panic_reason, "Stack smashing") || is_running(task, "__stack_chk_fail")) {
        found.push_back("A function of " + task_text(task) + " wrote over the end of a local " +
                        "array: its stack canary was overwritten when it returned.");
    }
    const auto sp = task.stack_pointer;
    if (!task.crashed || !sp || !task.stack_start || !task.stack_end ||
        report.in_interrupt == true || task.stack_is_fake) {
        return;
    }
    if (*sp < *task.stack_start && *task.stack_start - *sp < *task.stack_end - *task.stack_start) {
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

/// The names in the lines after `did not reset the watchdog in time`, ` - Tmr Svc (CPU 0)`.
std::string starved_tasks(std::string_view reason) {
    constexpr std::string_view kItem = "\n - ";
    const auto list = reason.find("did not reset the watchdog");
    std::string names;
    for (auto item = list == std::string_view::npos ? list : reason.find(kItem, list);
         item != std::string_view::npos; item = reason.find(kItem, item + 1)) {
        auto name = reason.substr(item + kItem.size());
        name = name.substr(0, name.find('\n'));
        names += (names.empty() ? "'" : ", '") + std::string{name.substr(0, name.rfind(" (CPU "))} +
                 '\'';
    }
    return names;
}

bool is_task_watchdog(const Report& report) {
    constexpr std::array kFunctions = {"task_wdt_isr", "task_wdt_timeout_handling",
                                       "task_wdt_timeout_abort", "esp_task_wdt_isr_user_handler"};
    return contains(report.panic_reason, "ask watchdog") ||
           std::ranges::any_of(kFunctions, [&](const char* function) {
               return is_running(report.tasks.front(), function);
           });
}

void add_watchdog(const Report& report, Findings& found) {
    const Task& task = report.tasks.front();
    const std::string running = task_text(task) + " (priority " + std::to_string(task.priority) +
                                (task.core ? ", core " + std::to_string(*task.core) : "") + ')';
    if (is_task_watchdog(report)) {
        const std::string starved = starved_tasks(report.panic_reason);
        found.push_back("The task watchdog fired while " + running + " was running" +
                        (starved.empty() ? "" : "; it starved " + starved) + '.');
    } else if (report.exception && exception_kind(report.architecture, report.exception->cause) ==
                                       kinds::kInterruptWatchdog) {
        found.push_back("The interrupt watchdog fired: interrupts were held off while " + running +
                        " was running.");
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
    if (elf.is_code(task.pc) || in_mask_rom(task.pc)) {
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
    return found;
}

}  // namespace coredepot::decoder
