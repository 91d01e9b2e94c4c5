#include "decoder/output/report_text.hpp"

#include <cstddef>
#include <string_view>

#include "decoder/arch/cpu.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/output/names.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

std::string left(std::string_view text, std::size_t width) {
    std::string padded{text};
    padded.append(width > text.size() ? width - text.size() : 0, ' ');
    return padded;
}

std::string right(std::string_view text, std::size_t width) {
    return std::string(width > text.size() ? width - text.size() : 0, ' ').append(text);
}

std::string heading(std::string_view title, const Ink& ink) {
    constexpr std::size_t kWidth = 63;
    const std::size_t rule = kWidth - title.size() - 2;
    return ink.heading(std::string(rule / 2, '=') + ' ' + std::string{title} + ' ' +
                       std::string(rule - rule / 2, '=')) +
           '\n';
}

/// The subject of the report.
std::string subject(const Report& report) {
    return report.source == Source::CoreDump ? "core dump" : "panic text";
}

std::string capitals(std::string text) {
    for (char& c : text) {
        c = is_lower_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

/// gdb's name for a task's thread.
std::string thread_name(const Task& task) {
    return "process " + std::to_string(task.tcb);
}

/// `details=0x3ffb4f0b "abort() was called", count=<optimized out>, count@entry=2`
std::string arguments_text(const Frame& frame) {
    std::string text;
    for (const Variable& argument : frame.args) {
        text += (text.empty() ? "" : ", ") + argument.name + '=' + argument.value;
        if (!argument.entry_value.empty()) {
            text += ", " + argument.name + "@entry=" + argument.entry_value;
        }
    }
    return text;
}

/// `0x4008110d in panic_abort (details=0x3ffb4f0b "abort()") at /idf/panic.c:472`
std::string frame_text(const Frame& frame, const Ink& ink) {
    std::string text = hex_address(frame.pc) + " in " +
                       (frame.function.empty() ? "??" : ink.function(frame.function)) + " (" +
                       arguments_text(frame) + ')';
    if (!frame.file.empty()) {
        text += " at " + frame.file + ':' + std::to_string(frame.line);
    }
    return frame.guessed ? text + " [guessed]" : text;
}

enum class Locals { Hidden, Shown };

std::string stack_text(const std::vector<Frame>& frames, std::string_view end, Locals locals,
                       const Ink& ink) {
    std::string text;
    std::size_t number = 0;
    for (const Frame& frame : frames) {
        if (frame.folded > 0) {
            text += "... " + std::to_string(frame.folded) + " frames are left out here ...\n";
            number += frame.folded;
        }
        text += left('#' + std::to_string(number++), 3) + ' ' + frame_text(frame, ink) + '\n';
        if (locals == Locals::Shown) {
            for (const Variable& variable : frame.locals) {
                text += "        " + variable.name + " = " + variable.value + '\n';
            }
        }
    }
    if (!end.empty()) {
        text += "Backtrace stopped: " + std::string{end} + '\n';
    }
    return text;
}

std::string crashed_stack_text(const Task& task, const Ink& ink) {
    std::string text = stack_text(task.frames, task.unwind_end, Locals::Shown, ink);
    if (!task.interrupted_frames.empty() || !task.interrupted_end.empty()) {
        text += '\n' + heading("INTERRUPTED TASK STACK", ink) +
                stack_text(task.interrupted_frames, task.interrupted_end, Locals::Shown, ink);
    }
    return text;
}

/// A panic reason may have several lines, all written by the device. They are marked, so that none
/// can pass for a line of this report.
std::string reason_text(std::string_view reason) {
    std::string text = "Panic reason: ";
    for (const char c : reason) {
        text += c;
        if (c == '\n') text += "  | ";
    }
    return text + '\n';
}

/// What the signature consists of, for people who doubt it.
std::string signature_text(const Crash& crash) {
    std::string text = "Signature of: " + crash.kind;
    if (!crash.detail.empty()) text += ": " + crash.detail;
    for (const std::string& function : crash.functions) text += ", " + function;
    text += '\n';
    std::string skipped;
    for (const auto& [function, rule] : crash.skipped) {
        skipped.append(skipped.empty() ? "" : ", ").append(function).append(" [").append(rule) +=
            ']';
    }
    if (!skipped.empty()) text += "Passed over: " + skipped + '\n';
    if (crash.quality != Quality::Full) {
        text += "Signature is " + std::string{quality_name(crash.quality)} + ": " +
                crash.quality_reason + '\n';
    }
    return text;
}

/// `esp32c3 v0.4`; empty when unknown.
std::string chip_text(const Report& report) {
    if (report.chip.empty() || !report.chip_revision) {
        return report.chip;
    }
    return report.chip + ' ' + revision_text(*report.chip_revision);
}

/// The lines before the signature: where all of this comes from, and whose crash it is.
std::string source_text(const Report& report) {
    std::string text = "Source: " + std::string{source_name(report.source)} + '\n';
    if (const auto chip = chip_text(report); !chip.empty()) {
        text += "Chip: " + chip + '\n';
    }
    const Task* const crashed = report.crashed_task();
    if (report.source == Source::PanicText) {
        return text + "Crashed task: " +
               (crashed->name.empty() ? "not told" : '\'' + crashed->name + '\'') + '\n';
    }
    if (crashed != nullptr) {
        text += "Crashed task handle: " + hex(crashed->tcb) + ", name: '" + crashed->name +
                "', GDB name: '" + thread_name(*crashed) + "'\n";
    } else {
        text += "Crashed task has been skipped\n";
    }
    return text;
}

std::string summary_text(const Report& report, const Ink& ink) {
    std::string text = source_text(report);
    if (report.in_interrupt) {
        text += *report.in_interrupt ? "Crashed task is in the interrupt context\n"
                                     : "Crashed task is not in the interrupt context\n";
    }
    text +=
        "Crash: " + ink.crash(report.crash.title) + " [signature " + report.crash.signature + "]\n";
    text += signature_text(report.crash);
    if (!report.panic_reason.empty()) {
        text += reason_text(report.panic_reason);
    }
    for (const std::string& finding : report.findings) {
        text += "Note: " + ink.note(finding) + '\n';
    }
    if (!report.elf_verified) {
        text += "ELF not verified: the " + subject(report) +
                " does not say which ELF it was made by. If it was "
                "another one, functions and lines below are wrong.\n";
    }
    return text;
}

std::string register_line(std::string_view name, std::string_view value, std::string_view meaning) {
    return left(name, 15) + left(value, 20) + std::string{meaning} + '\n';
}

std::string registers_text(const Report& report) {
    std::string text;
    if (report.exception) {
        const Cpu& cpu = cpu_of(report.architecture);
        text += left(cpu.cause_register.name, 15) + hex(report.exception->cause) + " (" +
                report.exception->name + ")\n";
        text += left(cpu.address_register.name, 15) + hex(report.exception->address) + '\n';
    }
    for (const Register& entry : report.special_registers) {
        text += left(entry.name, 15) + hex(entry.value) + '\n';
    }
    if (report.tasks.empty()) {
        return text;
    }
    for (const Register& entry : report.tasks.front().registers) {
        const std::string meaning = entry.symbol.empty()
                                        ? std::to_string(static_cast<std::int32_t>(entry.value))
                                        : hex(entry.value) + " <" + entry.symbol + '>';
        text += register_line(entry.name, hex(entry.value), meaning);
    }
    return text;
}

std::string threads_text(const Report& report, const Ink& ink) {
    std::string text = "  Id   Target Id          Frame \n";
    std::size_t number = 0;
    for (const Task& task : report.tasks) {
        text += number == 0 ? "* " : "  ";
        text += left(std::to_string(++number), 4) + ' ' + thread_name(task) + ' ' +
                (task.frames.empty() ? "" : frame_text(task.frames.front(), ink)) + '\n';
    }
    return text;
}

std::string tasks_text(const Report& report) {
    std::string text =
        "       TCB             NAME PRIO C/B  STACK USED/FREE\n"
        "---------- ---------------- -------- ----------------\n";
    const auto bytes = [](std::optional<std::uint32_t> value) {
        return value ? std::to_string(*value) : "?";
    };
    for (const Task& task : report.tasks) {
        const std::string priorities =
            std::to_string(task.priority) + '/' + std::to_string(task.base_priority);
        const std::string stack = bytes(task.stack_used) + '/' + bytes(task.stack_free);
        text += right(hex(task.tcb), 10) + ' ' + right(task.name, 16) + ' ' + right(priorities, 8) +
                ' ' + right(stack, 16) + '\n';
    }
    return text;
}

}  // namespace

std::string to_text(const Report& report, const Ink& ink) {
    const std::string rule = ink.heading(std::string(63, '='));
    std::string text =
        rule + '\n' + heading("ESP32 " + capitals(subject(report)) + " START", ink) + '\n';
    text += summary_text(report, ink) + '\n';
    text += heading("CURRENT THREAD REGISTERS", ink) + registers_text(report) + '\n';
    text += heading("CURRENT THREAD STACK", ink);
    text += report.tasks.empty() ? "" : crashed_stack_text(report.tasks.front(), ink);
    if (report.source == Source::CoreDump) {
        text += '\n' + heading("THREADS INFO", ink) + threads_text(report, ink) + "\n\n" +
                tasks_text(report);
    }
    std::size_t number = 0;
    for (const Task& task : report.tasks) {
        text += '\n' +
                ink.heading("==================== THREAD " + std::to_string(++number) + " (TCB: " +
                            hex(task.tcb) + ", name: '" + task.name + "') =====================") +
                '\n' +
                stack_text(task.frames, task.unwind_end,
                           task.crashed ? Locals::Shown : Locals::Hidden, ink);
    }
    text += '\n' + heading("ESP32 " + capitals(subject(report)) + " END", ink) + rule + '\n';
    return text;
}

}  // namespace coredepot::decoder
