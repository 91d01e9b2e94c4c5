#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "domain/time.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// Whose tokens count, and for whom they have to be.
struct Expectation {
    std::string issuer;
    std::string audience;
    std::chrono::seconds clock_skew;  ///< leeway for the times in a token
    /// A claim that holds roles too: an array of strings, or one string of names with spaces or
    /// commas between them, which is all that some issuers can be told to write.
    std::optional<std::string> roles_claim;
};

/// What of a token's claims Coredepot goes by.
struct Claims {
    std::optional<std::string> authorized_party;  ///< `azp`: the client that asked for the token
    /// Of the realm (`realm_access.roles`) and of the audience
    /// (`resource_access.{audience}.roles`), where Keycloak puts them, and of Expectation's
    /// roles_claim.
    std::set<std::string> roles;
    // Seconds since 1970, which need not be whole (RFC 7519, NumericDate).
    double expires = 0;
    std::optional<double> not_before;
    std::optional<double> issued_at;
};

/// Throws InvalidToken when a claim is missing, of the wrong type, or not as expected; what the
/// time is has to be looked at as well.
Claims read_claims(const json::Object& claims, const Expectation& expected);

/// Throws InvalidToken when they do not hold at `now`.
void check_times(const Claims& claims, std::chrono::seconds clock_skew, Timestamp now);

}  // namespace coredepot::auth
