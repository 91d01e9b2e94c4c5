#include "decoder/output/report_json.hpp"

#include <string_view>

#include "decoder/output/names.hpp"

namespace coredepot::decoder {
namespace {

/// Null for an unknown value.
std::optional<std::string_view> known(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return text;
}

void write_variables(json::Writer& writer, std::string_view name,
                     const std::vector<Variable>& variables) {
    writer.key(name).begin_array();
    for (const auto& variable : variables) {
        writer.begin_object()
            .member("name", variable.name)
            .member("type", variable.type)
            .member("value", variable.value)
            .member("entry_value", known(variable.entry_value))
            .end_object();
    }
    writer.end_array();
}

void write_frame(json::Writer& writer, const Frame& frame) {
    writer.begin_object()
        .member("pc", frame.pc)
        .member("function", known(frame.function))
        .member("file", known(frame.file))
        .member("line", frame.line > 0 ? std::optional(frame.line) : std::nullopt)
        .member("inlined", frame.inlined)
        .member("guessed", frame.guessed)
        .member("tail_call", frame.tail_call);
    if (frame.folded > 0) writer.member("folded", frame.folded);
    write_variables(writer, "args", frame.args);
    write_variables(writer, "locals", frame.locals);
    writer.end_object();
}

void write_backtrace(json::Writer& writer, const std::vector<Frame>& frames,
                     std::string_view name = "backtrace") {
    writer.key(name).begin_array();
    for (const auto& frame : frames) write_frame(writer, frame);
    writer.end_array();
}

void write_registers(json::Writer& writer, std::string_view name,
                     const std::vector<Register>& registers) {
    writer.key(name).begin_object();
    for (const auto& one : registers) writer.member(one.name, one.value);
    writer.end_object();
}

void write_task(json::Writer& writer, const Task& task) {
    writer.begin_object()
        .member("name", task.name)
        .member("tcb", task.tcb)
        .member("crashed", task.crashed)
        .member("priority", task.priority)
        .member("base_priority", task.base_priority)
        .member("stack_used", task.stack_used)
        .member("stack_free", task.stack_free)
        .member("stack_start", task.stack_start)
        .member("stack_end", task.stack_end)
        .member("core", task.core)
        .member("unwind_end", known(task.unwind_end));
    write_registers(writer, "registers", task.registers);
    write_backtrace(writer, task.frames);
    write_backtrace(writer, task.interrupted_frames, "interrupted_backtrace");
    writer.end_object();
}

void write_exception(json::Writer& writer, const std::optional<Exception>& exception) {
    writer.key("exception");
    if (!exception) {
        writer.value(std::nullopt);
        return;
    }
    writer.begin_object()
        .member("cause", exception->cause)
        .member("address", exception->address)
        .member("name", exception->name)
        .member("region", known(exception->region))
        .end_object();
}

void write_crash(json::Writer& writer, const Crash& crash) {
    writer.key("crash")
        .begin_object()
        .member("kind", crash.kind)
        .member("detail", crash.detail)
        .key("functions")
        .begin_array();
    for (const auto& function : crash.functions) writer.value(function);
    writer.end_array().key("skipped").begin_array();
    for (const auto& [function, rule] : crash.skipped) {
        writer.begin_object().member("function", function).member("rule", rule).end_object();
    }
    writer.end_array()
        .member("quality", quality_name(crash.quality))
        .member("quality_reason", crash.quality_reason)
        .member("rules", crash.rules)
        .member("previous_signature", crash.previous_signature)
        .end_object();
}

}  // namespace

void write_members(json::Writer& writer, const Report& report) {
    writer.member("signature", report.crash.signature)
        .member("title", report.crash.title)
        .member("source", source_name(report.source))
        .member("chip", report.chip)
        .member("chip_revision", report.chip_revision
                                     ? std::optional(revision_text(*report.chip_revision))
                                     : std::nullopt)
        .member("elf_sha256", report.elf_sha256)
        .member("elf_verified", report.elf_verified)
        .member("in_interrupt", report.in_interrupt)
        .member("panic_reason", known(report.panic_reason));
    write_crash(writer, report.crash);
    write_exception(writer, report.exception);
    const auto* const crashed = report.crashed_task();
    writer.member("crashed_task",
                  crashed != nullptr ? known(crashed->name) : std::optional<std::string_view>());
    write_backtrace(writer, crashed != nullptr ? crashed->frames : std::vector<Frame>());
    write_registers(writer, "special_registers", report.special_registers);
    writer.key("notes").begin_array();
    for (const auto& finding : report.findings) writer.value(finding);
    writer.end_array();
    writer.key("threads").begin_array();
    for (const auto& task : report.tasks) write_task(writer, task);
    writer.end_array();
}

}  // namespace coredepot::decoder
