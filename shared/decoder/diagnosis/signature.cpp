#include "decoder/diagnosis/signature.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "decoder/bytes/hex.hpp"
#include "decoder/diagnosis/application_frames.hpp"
#include "decoder/diagnosis/crash_kind.hpp"
#include "sha256.hpp"

namespace coredepot::decoder {
namespace {

/// Changes when the rules do, so that an old signature is never taken for a new one of another bug.
constexpr const char* kVersion = "1";
constexpr std::size_t kHexCharacters = 16;  // 64 bits: no two of a fleet's bugs collide

/// Callers further out say more about how one got there than about what went wrong there.
constexpr std::size_t kFunctions = 3;

std::vector<std::string> topmost_functions(const std::vector<Frame>& frames) {
    std::vector<std::string> names;
    for (const auto& frame : frames) {
        const auto name = stable_name(frame.function);
        if (std::ranges::find(names, name) != names.end()) continue;
        names.push_back(name);
        if (names.size() == kFunctions) break;
    }
    return names;
}

std::string hash_of(const CrashKind& kind, const std::vector<Frame>& frames) {
    Sha256 sha256;
    const auto add = [&](const std::string& text) {
        sha256.update(text);
        sha256.update({"\0", 1});  // no two lists of texts run together into the same bytes
    };
    add(kVersion);
    add(kind.name);
    add(kind.detail);
    for (const auto& name : topmost_functions(frames)) add(name);
    return sha256.hex().substr(0, kHexCharacters);
}

/// `recur_func (test_core_dump.c:70)`
std::string place(const Frame& frame) {
    auto text = stable_name(frame.function);
    if (frame.file.empty()) return text;
    const auto slash = frame.file.find_last_of("/\\");
    text += " (" + (slash == std::string::npos ? frame.file : frame.file.substr(slash + 1));
    if (frame.line > 0) text += ':' + std::to_string(frame.line);
    return text + ')';
}

std::string title_of(const CrashKind& kind, const Report& report,
                     const std::vector<Frame>& frames) {
    auto title = kind.name;
    if (!kind.in_backtrace && !kind.detail.empty()) return title + " in task " + kind.detail;
    if (!kind.detail.empty()) title += ": " + kind.detail;
    if (kind.address) title += " at " + hex(*kind.address);
    if (!frames.empty()) return title + " in " + place(frames.front());
    if (const auto* task = report.crashed_task()) title += " in task " + task->name;
    return title;
}

/// Those that lead to the fault.
std::vector<Frame> telling_frames(const CrashKind& kind, const Report& report) {
    const auto* const task = report.crashed_task();
    if (!kind.in_backtrace || task == nullptr) return {};
    return application_frames(task->frames);
}

}  // namespace

Crash describe_crash(const Report& report) {
    const auto kind = crash_kind(report);
    const auto frames = telling_frames(kind, report);
    Crash crash;
    crash.kind = kind.name;
    crash.detail = kind.detail;
    crash.functions = topmost_functions(frames);
    crash.signature = hash_of(kind, frames);
    crash.title = title_of(kind, report, frames);
    return crash;
}

}  // namespace coredepot::decoder
