#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace coredepot {

/// What a team adds, for one model, to the rules that a crash gets its signature by. A function
/// that is passed over does not count for the signature, as those of ESP-IDF do not.
struct SignatureRules {
    static constexpr std::size_t kMaxEntries = 200;  ///< of both lists together
    static constexpr std::size_t kMaxBytes = 200;    ///< of an entry

    std::vector<std::string> skip;      ///< functions to pass over: `app_fatal`
    std::vector<std::string> prefixes;  ///< how functions to pass over begin: `app_log_`

    bool empty() const { return skip.empty() && prefixes.empty(); }
    bool operator==(const SignatureRules&) const = default;
};

/// What is wrong with them, as a sentence for whoever sent them; empty: nothing is. An entry is
/// visible UTF-8 (see to_visible()) without spaces at its ends.
std::string fault_of(const SignatureRules& rules);

}  // namespace coredepot
