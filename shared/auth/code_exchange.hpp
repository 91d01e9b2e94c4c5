#pragma once

#include <optional>
#include <string>

#include "auth/discovery.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// The tokens that an issuer gave for a code. They have not been checked yet.
struct IssuedTokens {
    std::string id_token;
    std::string access_token;
};

/// A code that a browser brought, with the proof that we asked for it.
struct CodeGrant {
    std::string code;
    std::string redirect_uri;
    std::string verifier;  ///< for PKCE (RFC 7636)
};

/// Asks the token endpoint (OpenID Connect Core 1.0, section 3.1.3.1). Throws LoginFailed when the
/// issuer refuses, and IssuerUnavailable when it does not answer. Takes at most five seconds.
IssuedTokens exchange_code(const OidcConfig& config, const LoginEndpoints& endpoints,
                           const CodeGrant& grant);

}  // namespace coredepot::auth
