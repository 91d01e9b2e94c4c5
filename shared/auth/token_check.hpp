#pragma once

#include <string_view>

#include "auth/claims.hpp"
#include "auth/issuer_keys.hpp"
#include "auth/jwt.hpp"
#include "auth/verified_tokens.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// What bearer tokens have to be.
Expectation expectation_of(const OidcConfig& config);

/// What a token says, as far as that can be judged without the time and the issuer's keys. Throws
/// InvalidToken.
ReadToken read_token(const Jwt& jwt, const Expectation& expected);

/// Looks at the token's times, and then for the key that it should be signed with; what is refused
/// for its times need not trouble the issuer, nor take a public key's time. Throws InvalidToken,
/// and what IssuerKeys::find() throws.
const PublicKey& find_key(const ReadToken& token, IssuerKeys& keys, std::chrono::seconds clock_skew,
                          Timestamp now);

/// Throws InvalidToken when it was not signed with this key's other half.
void check_signature(const ReadToken& read, const PublicKey& key, std::string_view token);

}  // namespace coredepot::auth
