#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/claims.hpp"
#include "auth/jws.hpp"

namespace coredepot::auth {

/// What a token says.
struct ReadToken {
    Algorithm algorithm{};
    std::optional<std::string> key_id;
    Claims claims;
};

/// Tokens whose signature is known to be valid. Tokens come again: a device fetches its firmware in
/// hundreds of ranges with the same one, and checking RS256 takes longer than everything else in a
/// request. A token found here is not yet accepted: its times, and whether its key still belongs to
/// the issuer, are checked each time.
class VerifiedTokens {
  public:
    struct Entry {
        ReadToken token;
        std::uint64_t keys = 0;  ///< IssuerKeys::generation() at the time of the check
    };

    /// Null when there is no entry. Valid until the next change.
    const Entry* find(std::string_view token) const;
    void add(std::string_view token, Entry entry);

    /// The limit for facts about tokens; the tokens themselves are not stored. A device needs less
    /// than 700 bytes, so there is room for 3,000 devices, and any of a handler's processes may
    /// meet all of them.
    static constexpr std::size_t kMostBytes = 2'097'152;

  private:
    /// By the token's SHA-256, which nobody can imitate.
    std::unordered_map<std::string, Entry> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace coredepot::auth
