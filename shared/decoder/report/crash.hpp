#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// How reliable a signature is. If several apply, the worst one counts.
enum class Quality {
    Full,        ///< everything that the rules ask for was there
    Short,       ///< the backtrace ended too early
    Guessed,     ///< some of its functions come from frames that a search of the stack found
    Unverified,  ///< the dump does not name its ELF, so another one may give other functions
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

/// A frame that the signature passes over.
struct SkippedFrame {
    std::string function;  ///< `memcpy`; `??`: it has no name
    std::string rule;      ///< `C library`

    bool operator==(const SkippedFrame&) const = default;
};

/// Which crash it is. All core dumps of the same bug have the same, whatever the build.
struct Crash {
    std::string kind;  ///< what happened, in the same words on any CPU: `Store to invalid address`
    /// What distinguishes bugs of this kind: an assertion's expression, the task whose stack
    /// overflowed, the tasks that starved; empty for other kinds.
    std::string detail{};
    /// The functions that tell where it happened, innermost first, in the form of the rules; at
    /// most 8.
    std::vector<std::string> functions{};
    int rules = 0;  ///< the rules' version
    /// Those before the last of `functions`, in the backtrace's order.
    std::vector<SkippedFrame> skipped{};
    std::string signature{};           ///< 16 hex characters, from kind, detail and functions
    std::string previous_signature{};  ///< by the previous version of the rules
    std::string title{};  ///< `Store to invalid address at 0x5 in recur_func (test_core_dump.c:70)`
    Quality quality = Quality::Full;
    std::string quality_reason{};  ///< why it is not full, as a sentence; empty: it is
};

}  // namespace coredepot::decoder
