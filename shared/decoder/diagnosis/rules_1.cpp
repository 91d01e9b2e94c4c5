// The rules that made signatures before version 2, unchanged: crash_kind(), the hash, and
// application_frames() with its own lists of functions and files. The lists of vocabulary.cpp are
// not used here, because a change there must not change an old signature.

#include "decoder/diagnosis/rules_1.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "decoder/diagnosis/rules_1_frames.hpp"
#include "sha256.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder::rules_1 {
namespace {

struct CrashKind {
    std::string name;
    std::string detail;
    bool in_backtrace = true;
};

constexpr const char* kAbort = "abort";
constexpr const char* kAssertFailed = "assert failed";
constexpr const char* kStackSmashed = "Stack smashed";
constexpr const char* kStackOverflow = "Stack overflow";
constexpr const char* kTaskWatchdog = "Task watchdog";
constexpr const char* kInterruptWatchdog = "Interrupt watchdog";

/// How ESP-IDF's panic reasons begin, and the names of their kinds.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kReasons = {{
    {"abort() was called", kAbort},
    {"Stack smashing protect failure", kStackSmashed},
    {"Task watchdog got triggered", kTaskWatchdog},
    {"Interrupt wdt timeout", kInterruptWatchdog},
}};

/// Functions of ESP-IDF and FreeRTOS that cause a panic themselves, and the kind of that panic.
/// They are for dumps that carry no reason. The first one in this list that was called decides.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPanickers = {{
    {"__assert_func", kAssertFailed},
    {"__stack_chk_fail", kStackSmashed},
    {"vApplicationStackOverflowHook", kStackOverflow},
    {"task_wdt_isr", kTaskWatchdog},
    {"task_wdt_timeout_handling", kTaskWatchdog},
    {"task_wdt_timeout_abort", kTaskWatchdog},
    {"abort", kAbort},
    {"panic_abort", kAbort},
}};

/// The text from the first `before` to the last `after`, without both; empty when one is missing.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
    const auto begin = text.find(before);
    const auto end = text.rfind(after);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    const auto first = begin + before.size();
    return end > first ? std::string(text.substr(first, end - first)) : std::string();
}

/// Replaces numbers, which are addresses, lines and sizes. They change from one build, or one
/// crash, to the next.
std::string without_numbers(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        if (!is_digit(text.front())) {
            result += text.front();
            text.remove_prefix(1);
            continue;
        }
        const bool hex = text.starts_with("0x") || text.starts_with("0X");
        text.remove_prefix(hex ? 2 : 1);
        const auto* const end = std::ranges::find_if_not(text, hex ? is_hex_digit : is_digit);
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
        result += 'N';
    }
    return result;
}

CrashKind kind_of_reason(const std::string& whole) {
    // A title is one line.
    const std::string reason = whole.substr(0, whole.find_first_of("\r\n"));
    if (reason.starts_with("assert failed")) {  // : func file.c:12 (x != NULL)
        return {kAssertFailed, between(reason, " (", ")")};
    }
    if (reason.starts_with("assertion \"")) {  // x != NULL" failed: file "file.c", … (before 4.4)
        return {kAssertFailed, between(reason, "assertion \"", "\" failed")};
    }
    if (reason.starts_with("***ERROR*** A stack overflow")) {
        return {kStackOverflow, between(reason, "in task ", " has been"), false};
    }
    for (const auto& [start, name] : kReasons) {
        if (reason.starts_with(start)) return {std::string(name), {}};
    }
    return {"panic", without_numbers(reason)};
}

CrashKind kind_of_exception(const Exception& exception) {
    std::string_view name = exception.name;
    constexpr std::string_view kSuffix = "Cause";  // what the reference tool adds on Xtensa
    if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
    if (name.find("nterrupt watchdog") != std::string_view::npos) {
        return {kInterruptWatchdog, {}};  // on either core
    }
    return {std::string(name), {}};
}

/// The kind of a panic that the firmware itself began. Such a panic ends in a fault that means
/// nothing.
std::optional<CrashKind> kind_of_panic(const Report& report) {
    const auto* const task = report.crashed_task();
    if (task == nullptr || task->frames.empty() || task->frames.front().function != "panic_abort") {
        return std::nullopt;
    }
    for (const auto& [function, name] : kPanickers) {
        if (std::ranges::find(task->frames, function, &Frame::function) != task->frames.end()) {
            return CrashKind{std::string(name), {}};
        }
    }
    return std::nullopt;
}

CrashKind crash_kind(const Report& report) {
    if (!report.panic_reason.empty()) return kind_of_reason(report.panic_reason);
    if (auto kind = kind_of_panic(report)) return *std::move(kind);
    if (report.exception) return kind_of_exception(*report.exception);
    return {"Crash", {}};
}

/// Changes with the rules, so that an old signature is never mistaken for a new one of another bug.
constexpr const char* kVersion = "1";
constexpr std::size_t kHexCharacters = 16;  // 64 bits: no two of a fleet's bugs collide

/// Callers further out say more about how the code got there than about what went wrong.
constexpr std::size_t kTopmost = 3;

std::vector<std::string> topmost_functions(const FramePointers& frames) {
    std::vector<std::string> names;
    for (const auto* const frame : frames) {
        const auto name = stable_name(frame->function);
        if (std::ranges::find(names, name) != names.end()) continue;
        names.push_back(name);
        if (names.size() == kTopmost) break;
    }
    return names;
}

std::string hash_of(const CrashKind& kind, const FramePointers& frames) {
    Sha256 sha256;
    const auto add = [&](const std::string& text) {
        sha256.update(text);
        sha256.update({"\0", 1});  // so that different lists of texts never give the same bytes
    };
    add(kVersion);
    add(kind.name);
    add(kind.detail);
    for (const auto& name : topmost_functions(frames)) add(name);
    return sha256.hex().substr(0, kHexCharacters);
}

/// The frames that lead to the fault.
FramePointers telling_frames(const CrashKind& kind, const Report& report) {
    const auto* const task = report.crashed_task();
    if (!kind.in_backtrace || task == nullptr) return {};
    return application_frames(task->frames);
}

}  // namespace

std::string signature(const Report& report) {
    const auto kind = crash_kind(report);
    return hash_of(kind, telling_frames(kind, report));
}

}  // namespace coredepot::decoder::rules_1
