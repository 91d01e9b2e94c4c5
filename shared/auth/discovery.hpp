#pragma once

#include <string>
#include <variant>

namespace coredepot::auth {

/// Why the issuer's keys could not be had, for the log.
struct FetchFailure {
    std::string why;
};

/// Asks the issuer for its keys: `{issuer}/.well-known/openid-configuration`, which has to name
/// `issuer` byte for byte as its own name (OpenID Connect Discovery 1.0, section 4.3), and then the
/// JWKS at its `jwks_uri`, which is returned as it came. Takes 6 seconds at the most.
std::variant<std::string, FetchFailure> fetch_jwks(const std::string& issuer);

}  // namespace coredepot::auth
