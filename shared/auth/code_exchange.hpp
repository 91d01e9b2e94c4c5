#pragma once

#include <optional>
#include <string>

#include "auth/discovery.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// What an issuer gives for a code. Not to be believed yet.
struct IssuedTokens {
    std::string id_token;
    std::string access_token;
};

/// A code that a browser brought, and what shows that we are the one who asked for it.
struct CodeGrant {
    std::string code;
    std::string redirect_uri;
    std::string verifier;  ///< of PKCE (RFC 7636)
};

/// Asks the token endpoint (OpenID Connect Core 1.0, section 3.1.3.1). Throws LoginFailed when the
/// issuer refuses, IssuerUnavailable when it does not answer. Takes five seconds at the most.
IssuedTokens exchange_code(const OidcConfig& config, const LoginEndpoints& endpoints,
                           const CodeGrant& grant);

}  // namespace coredepot::auth
