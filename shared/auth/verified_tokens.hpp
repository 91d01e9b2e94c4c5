#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/claims.hpp"
#include "auth/jws.hpp"

namespace coredepot::auth {

/// What a token says, once it is read.
struct ReadToken {
    Algorithm algorithm;
    std::optional<std::string> key_id;
    Claims claims;
};

/// Tokens whose signature was found good. They come again: a device fetches its firmware in
/// hundreds of ranges with one, and a check of RS256 takes longer than all else that is done about
/// a request. A token that is here is not thereby accepted: its times, and whether its key is still
/// one of the issuer's, are looked at each time.
class VerifiedTokens {
  public:
    struct Entry {
        ReadToken token;
        std::uint64_t keys;  ///< IssuerKeys::generation() when it was verified
    };

    /// Null when there is none; good until the next change.
    const Entry* find(std::string_view token) const;
    void add(std::string_view token, Entry entry);

    /// Tokens are 16 KiB at the most and usually one: these are 4 MiB, and usually 256 KiB.
    static constexpr std::size_t kMost = 256;

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
};

}  // namespace coredepot::auth
