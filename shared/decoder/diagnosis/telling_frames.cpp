#include "decoder/diagnosis/telling_frames.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "decoder/diagnosis/stable_name.hpp"

namespace coredepot::decoder {
namespace {

/// The innermost function and its caller. Callers further out say more about how the program got
/// there than about what went wrong. And the more functions there are, the more an optimizer can
/// change.
constexpr std::size_t kWanted = 2;

constexpr std::string_view kNoName = "no name";
constexpr std::string_view kPanicRule = "panic handler";
constexpr std::string_view kGuessed = "guessed";
constexpr std::string_view kModel = "rule of the model";
constexpr std::string_view kLibrary = "between a library's function and the application's";
constexpr std::string_view kInterrupted = "interrupted";
constexpr std::string_view kInner = "inside a task that does not go on";

/// A frame, and the rule that leaves it out. If the rule is empty, the frame counts.
struct Candidate {
    const Frame* frame;
    Part part;
    std::string_view rule;
    std::string name;  ///< as signatures write it
};

/// Whether the team's rules name the function of `frame`, as backtraces or as signatures write it.
bool is_passed_over(const Frame& frame, const SignatureRules& rules) {
    if (rules.empty()) return false;
    const auto stable = stable_name(frame.function);
    const auto is = [&](const std::string& entry) {
        return entry == frame.function || entry == stable || stable_name(entry) == stable;
    };
    const auto begins = [&](const std::string& prefix) {
        return frame.function.starts_with(prefix) || stable.starts_with(prefix);
    };
    return std::ranges::any_of(rules.skip, is) || std::ranges::any_of(rules.prefixes, begins);
}

Candidate candidate(const Frame& frame, const Meaning& meaning, const SignatureRules& rules) {
    if (frame.function.empty()) return {&frame, Part::System, kNoName, "??"};
    auto name = signature_name(frame);
    if (is_passed_over(frame, rules)) return {&frame, Part::System, kModel, std::move(name)};
    return {&frame, meaning.part, meaning.part == Part::System ? meaning.rule : std::string_view(),
            std::move(name)};
}

using Candidates = std::vector<Candidate>;

Candidates candidates(const std::vector<Frame>& frames, const Vocabulary& vocabulary,
                      const SignatureRules& rules) {
    Candidates all;
    all.reserve(frames.size());
    const auto meanings = vocabulary.meanings_of(frames);
    const auto of_panic = frames_of_panic(meanings);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        all.push_back(candidate(frames[i], meanings[i], rules));
        if (i < of_panic && all.back().rule.empty()) all.back().rule = kPanicRule;
        // At another optimization level, this is a frame like the others.
        for (const Frame& called : frames[i].called_instead) {
            all.push_back(candidate(called, vocabulary.meaning_of(called), rules));
        }
    }
    return all;
}

/// For a crash in an interrupt, leaves out the frames beyond the interrupt's entry. If the unwinder
/// goes on there, it finds whatever code was interrupted. Whether it goes on depends on where the
/// two stacks lie.
void leave_out_interrupted(Candidates& all) {
    const auto entry = std::ranges::find_if(
        all, [](const Candidate& one) { return is_interrupt_entry(one.frame->function); });
    if (entry == all.begin() || entry == all.end()) return;
    std::for_each(entry + 1, all.end(), [](Candidate& one) { one.rule = kInterrupted; });
}

bool counts(const Candidate& one) {
    return one.rule.empty();
}

/// When the rules leave nothing, as in a crash of an idle task, makes all frames count that have a
/// name. Functions that the team leaves out stay out.
void let_the_system_count(Candidates& all) {
    for (Candidate& one : all) {
        if (one.rule != kNoName && one.rule != kModel && one.rule != kInterrupted) one.rule = {};
    }
}

void leave_out_guessed(Candidates& all) {
    for (Candidate& one : all) {
        if (counts(one) && one.frame->guessed) one.rule = kGuessed;
    }
}

/// The indexes of the frames that count, one group for each call. A repeating cycle of calls is one
/// group with all of its functions, sorted, so that it does not matter where in the cycle the crash
/// was. A function that calls itself is such a cycle.
std::vector<std::vector<std::size_t>> groups_of(const Candidates& all) {
    std::vector<std::size_t> counting;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (counts(all[i])) counting.push_back(i);
    }
    const auto name = [&](std::size_t position) -> const std::string& {
        return all[counting[position]].name;
    };
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t at = 0; at < counting.size();) {
        // The cycle ends at the last frame of any of its functions.
        std::size_t last = at;
        for (std::size_t inner = at; inner <= last; ++inner) {
            for (std::size_t outer = counting.size() - 1; outer > last; --outer) {
                if (name(outer) == name(inner)) last = outer;
            }
        }
        std::vector<std::size_t> group(counting.begin() + static_cast<std::ptrdiff_t>(at),
                                       counting.begin() + static_cast<std::ptrdiff_t>(last) + 1);
        std::ranges::stable_sort(group, {}, [&](std::size_t i) { return all[i].name; });
        const auto is_same = [&](std::size_t i, std::size_t j) {
            return all[i].name == all[j].name;
        };
        group.erase(std::unique(group.begin(), group.end(), is_same), group.end());
        groups.push_back(std::move(group));
        at = last + 1;
    }
    return groups;
}

/// Whether a group has one of the application's own functions.
bool is_own(const Candidates& all, const std::vector<std::size_t>& group) {
    return std::ranges::any_of(group, [&](std::size_t i) { return all[i].part == Part::Own; });
}

/// The candidates that make the signature, innermost first. For a crash in a library, these are its
/// innermost function, and the first one of the application's own.
std::vector<std::size_t> innermost(Candidates& all) {
    std::vector<std::size_t> used;
    const auto groups = groups_of(all);
    for (std::size_t i = 0; i < groups.size() && used.size() < kWanted; ++i) {
        const bool own = is_own(all, groups[i]);
        const bool own_follows = std::any_of(
            groups.begin() + static_cast<std::ptrdiff_t>(i),
            groups.begin() +
                static_cast<std::ptrdiff_t>(std::min(groups.size(), i + kMaxTellingFunctions)),
            [&](const auto& group) { return is_own(all, group); });
        if (!own && own_follows && !used.empty()) {
            for (const auto index : groups[i]) all[index].rule = kLibrary;
            continue;
        }
        used.insert(used.end(), groups[i].begin(), groups[i].end());
    }
    used.resize(std::min(used.size(), kMaxTellingFunctions));
    return used;
}

/// The function that the task started with.
std::vector<std::size_t> outermost(Candidates& all) {
    for (const bool own : {true, false}) {
        for (std::size_t i = all.size(); i-- > 0;) {
            if (!counts(all[i]) || (own && all[i].part != Part::Own)) continue;
            for (std::size_t inner = 0; inner < i; ++inner) {
                if (counts(all[inner])) all[inner].rule = kInner;
            }
            return {i};
        }
    }
    return {};
}

/// The innermost frame that counts, if possible one that the application's engineers know.
const Frame* place_in(const Candidates& all) {
    const auto own = std::ranges::find_if(all, [](const Candidate& one) {
        return (counts(one) || one.rule == kInner) && one.part == Part::Own;
    });
    if (own != all.end()) return own->frame;
    const auto any = std::ranges::find_if(
        all, [](const Candidate& one) { return counts(one) || one.rule == kInner; });
    return any == all.end() ? nullptr : any->frame;
}

/// The frames of the tasks that a kind is about: those that starve, otherwise the one that crashed.
std::vector<const std::vector<Frame>*> frames_of(const CrashKind& kind, const Report& report) {
    std::vector<const std::vector<Frame>*> all;
    const auto* const crashed = report.crashed_task();
    for (const auto& name : kind.starved) {
        const auto task = std::ranges::find(report.tasks, name, &Task::name);
        if (!is_idle(name) && task != report.tasks.end()) {
            all.push_back(&*task == crashed && report.in_interrupt == true
                              ? &task->interrupted_frames
                              : &task->frames);
        }
    }
    // When only idle tasks starve, the running task does not give up the CPU.
    const bool idle_only = std::ranges::all_of(kind.starved, is_idle);
    if (all.empty() && idle_only && crashed != nullptr) all.push_back(&crashed->frames);
    return all;
}

/// Chooses those of `all` that make the signature, and sets the rules of the others.
std::vector<std::size_t> chosen(Candidates& all, CrashKind::Where where) {
    if (where == CrashKind::Where::Outermost) return outermost(all);
    leave_out_interrupted(all);
    if (std::ranges::none_of(all, counts)) let_the_system_count(all);
    // Frames that were found by a search count only if the others are not enough.
    auto certain = all;
    leave_out_guessed(certain);
    auto used = innermost(certain);
    const auto own = [&](std::size_t i) { return all[i].part == Part::Own; };
    if (used.size() >= kWanted && std::ranges::any_of(used, own)) {
        all = std::move(certain);
        return used;
    }
    return innermost(all);
}

void add(TellingFrames& found, Candidates& all, CrashKind::Where where) {
    const auto used = chosen(all, where);
    if (found.place == nullptr) found.place = place_in(all);
    if (where == CrashKind::Where::Nowhere) return;
    found.complete =
        !used.empty() && (where == CrashKind::Where::Outermost || used.size() >= kWanted);
    const auto last = used.empty() ? all.size() : std::ranges::max(used);
    for (std::size_t i = 0; i < last; ++i) {
        if (!counts(all[i])) found.skipped.push_back({all[i].name, std::string(all[i].rule)});
    }
    for (const auto index : used) {
        found.guessed = found.guessed || all[index].frame->guessed;
        if (std::ranges::find(found.functions, all[index].name) == found.functions.end() &&
            found.functions.size() < kMaxTellingFunctions) {
            found.functions.push_back(all[index].name);
        }
    }
}

}  // namespace

/// If several functions became one, the first one by name counts, because builds may differ in
/// which function has the body.
std::string signature_name(const Frame& frame) {
    const auto own = stable_name(whole_name(frame));
    auto name = own;
    for (const auto& twin : frame.twins) name = std::min(name, stable_name(twin));
    if (name != own) return name;
    if (!frame.local || frame.file.empty()) return name;
    return name + " (" + frame.file.substr(frame.file.find_last_of("/\\") + 1) + ')';
}

TellingFrames telling_frames(const CrashKind& kind, const Report& report,
                             const Vocabulary& vocabulary, const SignatureRules& rules) {
    TellingFrames found;
    for (const auto* const frames : frames_of(kind, report)) {
        auto all = candidates(*frames, vocabulary, rules);
        add(found, all, kind.where);
    }
    return found;
}

}  // namespace coredepot::decoder
