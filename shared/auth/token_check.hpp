#pragma once

#include <string_view>

#include "auth/claims.hpp"
#include "auth/issuer_keys.hpp"
#include "auth/jwt.hpp"
#include "auth/verified_tokens.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// What bearer tokens must say.
Expectation expectation_of(const OidcConfig& config);

/// Reads what a token says and checks everything that needs neither the time nor the issuer's keys.
/// Throws InvalidToken.
ReadToken read_token(const Jwt& jwt, const Expectation& expected);

/// Checks the token's times and then finds the key that should have signed it. In this order, a
/// token that has expired costs no question to the issuer and no check with a public key. Throws
/// InvalidToken, and what IssuerKeys::find() throws.
const PublicKey& find_key(const ReadToken& token, IssuerKeys& keys, std::chrono::seconds clock_skew,
                          Timestamp now);

/// Throws InvalidToken when this key's private half did not sign it.
void check_signature(const ReadToken& read, const PublicKey& key, std::string_view token);

}  // namespace coredepot::auth
