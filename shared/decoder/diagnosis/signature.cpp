#include "decoder/diagnosis/signature.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "decoder/bytes/hex.hpp"
#include "decoder/diagnosis/crash_kind.hpp"
#include "decoder/diagnosis/rules_1.hpp"
#include "decoder/diagnosis/stable_name.hpp"
#include "decoder/diagnosis/telling_frames.hpp"
#include "decoder/diagnosis/vocabulary.hpp"
#include "sha256.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kHexCharacters = 16;  // 64 bits: no two bugs of a fleet collide

/// The order of functions does not matter: if two call each other, either may be the innermost.
std::string hash_of(const CrashKind& kind, std::vector<std::string> functions) {
    std::ranges::sort(functions);
    Sha256 sha256;
    const auto add = [&](std::string_view text) {
        sha256.update(text);
        sha256.update({"\0", 1});  // so that two different lists never hash the same bytes
    };
    add(std::to_string(kSignatureRules));
    add(kind.name);
    add(kind.detail);
    for (const auto& name : functions) add(name);
    return sha256.hex().substr(0, kHexCharacters);
}

/// `recur_func (test_core_dump.c:70)`
std::string place_text(const Frame& frame) {
    auto text = without_clone_suffix(whole_name(frame));
    if (frame.file.empty()) return text;
    text += " (" + frame.file.substr(frame.file.find_last_of("/\\") + 1);
    if (frame.line > 0) text += ':' + std::to_string(frame.line);
    return text + ')';
}

std::string title_of(const CrashKind& kind, const Report& report, const Frame* place) {
    auto title = kind.name;
    if (kind.of_task) return kind.detail.empty() ? title : title + " in task " + kind.detail;
    if (!kind.detail.empty()) title += ": " + kind.detail;
    if (!kind.more.empty()) title += " (" + kind.more + ')';
    if (kind.address) title += " at " + hex(*kind.address);
    if (place != nullptr) {
        title += " in " + place_text(*place);
        // People who read only the title would believe function and line.
        return report.elf_verified ? title : title + " (ELF not verified)";
    }
    const auto* const task = report.crashed_task();
    if (task != nullptr && kind.starved.empty()) title += " in task " + task->name;
    return title;
}

/// A sentence; empty when the signature has enough to go by.
std::string shortage(const CrashKind& kind, const TellingFrames& telling, const Report& report) {
    if (!kind.missing.empty()) return "It is made without its detail: " + kind.missing + '.';
    const bool has_idle_only = std::ranges::all_of(kind.starved, is_idle);
    if (report.source == Source::PanicText && !has_idle_only && telling.functions.empty()) {
        return "A panic text does not have the stack of a task that starved.";
    }
    if (kind.where == CrashKind::Where::Nowhere || telling.complete || !kind.starved.empty()) {
        return {};
    }
    const auto* const task = report.crashed_task();
    if (task == nullptr) return "The device left the task that crashed out of the dump.";
    if (telling.functions.empty()) return "No frame of the backtrace has a name.";
    if (task->unwind_end.empty()) return {};
    return "The backtrace ended early: " + task->unwind_end + '.';
}

void judge(Crash& crash, const CrashKind& kind, const TellingFrames& telling,
           const Report& report) {
    if (!report.elf_verified) {
        crash.quality = Quality::Unverified;
        crash.quality_reason =
            "Nothing says that the crash is of this ELF, and another one would give other "
            "functions.";
    } else if (telling.guessed) {
        crash.quality = Quality::Guessed;
        crash.quality_reason =
            "A search of the stack found some of the functions; it may be wrong.";
    } else if (auto short_of = shortage(kind, telling, report); !short_of.empty()) {
        crash.quality = Quality::Short;
        crash.quality_reason = std::move(short_of);
    }
}

}  // namespace

Crash describe_crash(const Report& report, const SignatureRules& rules) {
    const Vocabulary vocabulary(report);
    const auto kind = crash_kind(report, vocabulary);
    auto telling = telling_frames(kind, report, vocabulary, rules);
    Crash crash{.kind = kind.name, .detail = kind.detail};
    crash.rules = kSignatureRules;
    crash.signature = hash_of(kind, telling.functions);
    crash.previous_signature = rules_1::signature(report);
    crash.title = title_of(kind, report, telling.place);
    judge(crash, kind, telling, report);
    crash.functions = std::move(telling.functions);
    crash.skipped = std::move(telling.skipped);
    return crash;
}

}  // namespace coredepot::decoder
