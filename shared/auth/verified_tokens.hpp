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

/// What a token says, once it is read.
struct ReadToken {
    Algorithm algorithm{};
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
        std::uint64_t keys = 0;  ///< IssuerKeys::generation() when it was verified
    };

    /// Null when there is none; good until the next change.
    const Entry* find(std::string_view token) const;
    void add(std::string_view token, Entry entry);

    /// Of what is known of tokens; they themselves are not kept. Of a device's less than 700 bytes
    /// are, so these are 3,000 devices, which any of a handler's processes may be asked by.
    static constexpr std::size_t kMostBytes = 2'097'152;

  private:
    /// By the SHA-256 of the token: nobody can make another one that is taken for it.
    std::unordered_map<std::string, Entry> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace coredepot::auth
