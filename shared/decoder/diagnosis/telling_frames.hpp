#pragma once

#include <string>
#include <vector>

#include "decoder/diagnosis/crash_kind.hpp"
#include "decoder/diagnosis/vocabulary.hpp"
#include "decoder/report/report.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder {

/// The most functions in a signature. Cycles of calls and deep libraries have more.
constexpr std::size_t kMaxTellingFunctions = 8;

/// What a backtrace says about the place of a crash.
struct TellingFrames {
    std::vector<std::string> functions{};  ///< Crash::functions
    std::vector<SkippedFrame> skipped{};   ///< Crash::skipped
    const Frame* place = nullptr;  ///< the title's place, in the report; null: no frame has a name
    bool guessed = false;          ///< some of the functions come from guessed frames
    bool complete = false;         ///< there are as many as the rules ask for
};

/// Selects the frames that `kind` asks for. `report` must outlive the result. `rules` are the
/// additions of the model's team.
TellingFrames telling_frames(const CrashKind& kind, const Report& report,
                             const Vocabulary& vocabulary, const SignatureRules& rules);

/// The name of a frame's function in a signature: `handler (wifi.c)` if it is local to its file.
std::string signature_name(const Frame& frame);

}  // namespace coredepot::decoder
