#include "decoder/diagnosis/crash_kind.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "decoder/arch/exception_names.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/diagnosis/free_text.hpp"
#include "decoder/diagnosis/stable_name.hpp"
#include "decoder/diagnosis/stack_overflow.hpp"
#include "decoder/report/kind_names.hpp"

namespace coredepot::decoder {
namespace {

using Where = CrashKind::Where;

CrashKind plain(std::string_view name, std::string detail = {}) {
    return {std::string(name), std::move(detail)};
}

CrashKind stack_overflow(std::string task) {
    auto kind = plain(kinds::kStackOverflow, std::move(task));
    kind.where = Where::Nowhere;
    kind.of_task = true;
    return kind;
}

CrashKind heap_corrupt(std::string check) {
    auto kind = plain(kinds::kHeapCorrupt, std::move(check));
    kind.where = Where::Nowhere;
    return kind;
}

std::string name_of_crashed(const Report& report) {
    const auto* const task = report.crashed_task();
    return task == nullptr ? "" : task->name;
}

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find_first_of("\r\n"));
}

/// The line of a panic reason that says what happened. For a watchpoint, it comes last.
std::string_view telling_line(std::string_view panic_reason) {
    constexpr std::string_view kDebug = "Debug exception reason: ";
    const auto at = panic_reason.find(kDebug);
    return first_line(at == std::string_view::npos ? panic_reason
                                                   : panic_reason.substr(at + kDebug.size()));
}

/// The text between the first `before` and the last `after`, or to the end if `after` is empty.
/// Empty when they are not there.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
    const auto begin = text.find(before);
    const auto end = after.empty() ? text.size() : text.rfind(after);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    const auto first = begin + before.size();
    return end > first ? std::string(text.substr(first, end - first)) : std::string();
}

/// The frames that carry out the crash, with their meanings: from the innermost on, the system's
/// frames up to the first of other code, and all frames of a panic.
using Machinery = std::vector<std::pair<const Frame*, Meaning>>;

Machinery machinery(const Report& report, const Vocabulary& vocabulary) {
    Machinery system;
    const auto* const task = report.crashed_task();
    if (task == nullptr) return system;
    const auto meanings = vocabulary.meanings_of(task->frames);
    const auto of_panic = frames_of_panic(meanings);
    for (std::size_t i = 0; i < task->frames.size(); ++i) {
        const Frame& frame = task->frames[i];
        if (frame.function.empty()) continue;
        if (meanings[i].part != Part::System && i >= of_panic) break;
        system.emplace_back(&frame, meanings[i]);
    }
    return system;
}

/// The innermost frame with that meaning; null when there is none.
const Frame* find(const Machinery& frames, Means means) {
    const auto found = std::ranges::find_if(
        frames, [&](const auto& entry) { return entry.second.means == means; });
    return found == frames.end() ? nullptr : found->first;
}

/// A text that was passed to a frame as one of the arguments `names`. Empty when there is no such
/// argument, or when its text is not known.
std::string text_argument(const Frame& frame, std::initializer_list<std::string_view> names) {
    for (const Variable& argument : frame.args) {
        if (std::ranges::find(names, argument.name) != names.end() && argument.pointee) {
            return *argument.pointee;
        }
    }
    return {};
}

/// The parts of a line such as `assert failed: multi_heap_free multi_heap.c:276 (head != NULL)`, or
/// the arguments of __assert_func().
struct Assertion {
    std::string function, file, expression;
};

CrashKind kind_of(const Assertion& assertion) {
    if (!keeps_the_heap(assertion.function, assertion.file)) {
        return plain(kinds::kAssertion, assertion.expression);
    }
    return heap_corrupt(assertion.function + " (" + assertion.expression + ')');
}

Assertion assertion_of_reason(std::string_view line, const Reason& reason) {
    Assertion found;
    found.expression = between(line, reason.before, reason.after);
    const auto place = between(line, "assert failed: ", " (");  // `func file.c:12`, since 4.4
    const auto space = place.find(' ');
    if (space != std::string::npos) {
        found.function = place.substr(0, space);
        found.file = place.substr(space + 1);
    } else if (reason.before.starts_with("assertion")) {
        found.function = between(line, "function: ", "");
        const auto path = between(line, "file \"", "\", line");
        found.file = path.substr(path.find_last_of("/\\") + 1);
    }
    return found;
}

CrashKind kind_of_assertion_frame(const Frame& frame) {
    const auto path = text_argument(frame, {"file", "__file"});
    Assertion found;
    found.file = path.substr(path.find_last_of("/\\") + 1);
    found.function = text_argument(frame, {"func", "function", "__func"});
    found.expression = text_argument(frame, {"expr", "failedexpr", "expression", "__expr"});
    auto kind = kind_of(found);
    if (found.expression.empty()) {
        kind.missing = "the dump does not hold the expression that failed";
    }
    return kind;
}

/// Writes an error as esp_err.h does: `0x102`, `-1`.
std::string error_text(std::uint64_t code) {
    const auto number = static_cast<std::int32_t>(code);
    return number < 0 ? std::to_string(number) : hex(code);
}

CrashKind kind_of_error_check(const Report& report, const Machinery& frames) {
    auto kind = plain(kinds::kErrorCheck);
    for (const auto& [frame, meaning] : frames) {
        if (meaning.means != Means::ErrorCheck) continue;
        if (kind.detail.empty()) kind.detail = text_argument(*frame, {"expression"});
        const auto code = std::ranges::find(frame->args, "rc", &Variable::name);
        if (code != frame->args.end() && code->number && kind.more.empty()) {
            kind.more = error_text(*code->number);
        }
    }
    if (report.checked_error && kind.detail.empty()) {
        kind.detail = report.checked_error->expression;
    }
    if (report.checked_error && report.checked_error->code && kind.more.empty()) {
        kind.more = error_text(*report.checked_error->code);
    }
    if (kind.detail.empty()) {
        kind.missing = "the dump does not hold the expression whose error was checked";
    }
    return kind;
}

/// The kind of a panic that the firmware itself started, from the functions that carried it out.
std::optional<CrashKind> kind_of_panic(const Report& report, const Machinery& frames) {
    auto means = Means::Nothing;
    bool panicked = false;  // operator new may also run into a damaged heap
    for (const auto& [frame, meaning] : frames) {
        means = std::min(means, meaning.means);
        panicked = panicked || is_panic(meaning.means);
    }
    if (!panicked) return std::nullopt;
    switch (means) {
        case Means::ErrorCheck:
            return kind_of_error_check(report, frames);
        case Means::Assertion:
            return kind_of_assertion_frame(*find(frames, means));
        case Means::Exception: {
            constexpr std::string_view kThrow = "std::__throw_";
            const auto name = stable_name(find(frames, means)->function);
            return plain(kinds::kException,
                         name.starts_with(kThrow) ? name.substr(kThrow.size()) : "");
        }
        default:
            return plain(kind_of(means));
    }
}

CrashKind kind_of_watchdog(const Report& report) {
    auto starved = starved_tasks(report.panic_reason);
    // Which core's idle task starves depends on where the task that keeps the CPU happens to run.
    for (auto& name : starved) name = is_idle(name) ? "IDLE" : name;
    std::ranges::sort(starved);
    starved.erase(std::unique(starved.begin(), starved.end()), starved.end());
    auto kind = plain(kinds::kTaskWatchdog);
    for (const auto& name : starved) kind.detail += (kind.detail.empty() ? "" : ", ") + name;
    kind.where = Where::Outermost;
    kind.starved = std::move(starved);
    return kind;
}

/// For an abort, the functions that carried it out say more than the reason does.
CrashKind kind_of_reason(const Report& report, const Reason& reason, const Machinery& frames) {
    const auto line = telling_line(report.panic_reason);
    if (reason.kind == kinds::kRustPanic &&
        line.find("memory allocation of ") != std::string::npos) {
        return plain(kinds::kOutOfMemory);
    }
    if (reason.kind == kinds::kAbort || reason.kind == kinds::kRustPanic) {
        return kind_of_panic(report, frames).value_or(plain(reason.kind));
    }
    if (reason.kind == kinds::kAssertion) return kind_of(assertion_of_reason(line, reason));
    if (reason.kind == kinds::kTaskWatchdog) return kind_of_watchdog(report);
    if (reason.kind == kinds::kHeapCorrupt) return heap_corrupt(constant_part(line));
    if (reason.kind == kinds::kStackOverflow) {
        const auto task = between(line, reason.before, reason.after);
        return stack_overflow(task.empty() ? name_of_crashed(report) : task);
    }
    return plain(reason.kind,
                 reason.before.empty() ? "" : between(line, reason.before, reason.after));
}

CrashKind kind_of_exception(const Report& report, const Machinery& frames) {
    if (const auto* const heap = find(frames, Means::Heap)) {
        return heap_corrupt(stable_name(heap->function));
    }
    const auto name = exception_kind(report.architecture, report.exception->cause);
    if (name == kinds::kStackOverflow) return stack_overflow(name_of_crashed(report));
    auto kind = plain(name);
    if (report.exception->has_address) kind.address = report.exception->address;
    return kind;
}

}  // namespace

std::vector<std::string> starved_tasks(std::string_view panic_reason) {
    constexpr std::string_view kItem = " - ";
    std::vector<std::string> names;
    const auto list = panic_reason.find("did not reset the watchdog");
    auto rest = list == std::string_view::npos ? std::string_view() : panic_reason.substr(list);
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        rest.remove_prefix(end + 1);
        const auto line = first_line(rest);
        const auto item = line.find(kItem);
        if (item == std::string_view::npos) continue;
        auto name = line.substr(item + kItem.size());
        name = name.substr(0, name.rfind(" (CPU "));
        if (!name.empty()) names.emplace_back(name);
    }
    return names;
}

CrashKind crash_kind(const Report& report, const Vocabulary& vocabulary) {
    const auto* const reason = find_reason(telling_line(report.panic_reason));
    if (reason != nullptr && reason->kind == kinds::kTaskWatchdog) return kind_of_watchdog(report);
    const auto frames = machinery(report, vocabulary);
    if ((reason == nullptr || reason->kind != kinds::kStackOverflow) && has_overflowed(report)) {
        return stack_overflow(name_of_crashed(report));
    }
    if (reason != nullptr) return kind_of_reason(report, *reason, frames);
    auto panic = kind_of_panic(report, frames);
    if (panic && panic->name == kinds::kTaskWatchdog) return kind_of_watchdog(report);
    if (panic && panic->name == kinds::kStackOverflow) {
        return stack_overflow(name_of_crashed(report));
    }
    // A reason of the firmware's own, or of a future version of ESP-IDF.
    if (!report.panic_reason.empty() && !(panic && panic->name != kinds::kAbort)) {
        return plain(kinds::kPanic, constant_part(report.panic_reason));
    }
    if (panic) return *std::move(panic);
    if (report.exception) return kind_of_exception(report, frames);
    return plain(kinds::kUnknown);
}

}  // namespace coredepot::decoder
