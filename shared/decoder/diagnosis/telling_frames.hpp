#pragma once

#include <string>
#include <vector>

#include "decoder/diagnosis/crash_kind.hpp"
#include "decoder/diagnosis/vocabulary.hpp"
#include "decoder/report/report.hpp"
#include "domain/signature_rules.hpp"

namespace coredepot::decoder {

/// More functions do not go into a signature: those of a cycle of calls, and where a library is
/// deep.
constexpr std::size_t kMaxTellingFunctions = 8;

/// What a backtrace tells of where a crash was.
struct TellingFrames {
    std::vector<std::string> functions{};  ///< Crash::functions
    std::vector<SkippedFrame> skipped{};   ///< Crash::skipped
    const Frame* place = nullptr;  ///< that the title names: of the report; null: none has a name
    bool guessed = false;          ///< some of the functions are of guessed frames
    bool complete = false;         ///< there are as many as the rules want
};

/// Of the frames that `kind` asks for. `report` must outlive what is returned. `rules` are what the
/// model's team adds.
TellingFrames telling_frames(const CrashKind& kind, const Report& report,
                             const Vocabulary& vocabulary, const SignatureRules& rules);

/// The name that a signature has of the function of `frame`: `handler (wifi.c)` if it is local to
/// its file.
std::string signature_name(const Frame& frame);

}  // namespace coredepot::decoder
