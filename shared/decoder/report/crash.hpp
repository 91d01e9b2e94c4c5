#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// How far a signature can be trusted to be that of its bug. Of several, the worst is told.
enum class Quality {
    Full,        ///< all that the rules ask for was there
    Short,       ///< the backtrace ended before there was enough of it
    Guessed,     ///< some of its functions are of frames that a search of the stack found
    Unverified,  ///< the dump does not name its ELF: another one may give other functions
};

/// `full`, `short`, `guessed`, `unverified`.
constexpr std::string_view quality_name(Quality quality) {
    switch (quality) {
        case Quality::Short:
            return "short";
        case Quality::Guessed:
            return "guessed";
        case Quality::Unverified:
            return "unverified";
        default:
            return "full";
    }
}

/// A frame that does not count for the signature.
struct SkippedFrame {
    std::string function;  ///< `memcpy`; `??`: it has no name
    std::string rule;      ///< `C library`

    bool operator==(const SkippedFrame&) const = default;
};

/// What the crash is, of which core dumps say: all of one bug say the same, whatever the build.
struct Crash {
    std::string kind;  ///< what happened, on any CPU: `Store to invalid address`
    /// What the kind needs to tell one bug from another: an assertion's expression, the task whose
    /// stack overflowed, the tasks that starved; else empty.
    std::string detail{};
    /// The functions that tell where, innermost first, as the rules write them; at most 8.
    std::vector<std::string> functions{};
    int rules = 0;                        ///< the version of the rules that made it
    std::vector<SkippedFrame> skipped{};  ///< up to the last of these, in the backtrace's order
    std::string signature{};              ///< 16 hex characters, made of kind, detail and functions
    std::string previous_signature{};     ///< by the rules before these
    std::string title{};  ///< `Store to invalid address at 0x5 in recur_func (test_core_dump.c:70)`
    Quality quality = Quality::Full;
    std::string quality_reason{};  ///< why it is not full, a sentence; empty: it is
};

}  // namespace coredepot::decoder
