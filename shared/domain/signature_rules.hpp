#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace coredepot {

/// A team's additions, for one model, to the rules that give a crash its signature. Functions that
/// match are passed over and do not count for the signature, just like ESP-IDF's own.
struct SignatureRules {
    static constexpr std::size_t kMaxEntries = 200;  ///< of both lists together
    static constexpr std::size_t kMaxBytes = 200;    ///< of an entry

    std::vector<std::string> skip;      ///< functions to pass over: `app_fatal`
    std::vector<std::string> prefixes;  ///< how such functions begin: `app_log_`

    bool empty() const { return skip.empty() && prefixes.empty(); }
    bool operator==(const SignatureRules&) const = default;
};

/// A sentence for the sender on what is wrong; empty: nothing. An entry must be visible UTF-8 (see
/// to_visible()) without spaces at its ends.
std::string fault_of(const SignatureRules& rules);

}  // namespace coredepot
