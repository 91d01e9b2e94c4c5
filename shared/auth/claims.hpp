#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "domain/person.hpp"
#include "domain/time.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// Whose tokens we accept, and what they must say.
struct Expectation {
    std::string issuer;
    std::string audience;
    std::chrono::seconds clock_skew;  ///< tolerance for the times in a token
    /// Another claim that holds roles: an array of strings, an object with a member for each, or a
    /// string of names separated by spaces or commas, which is all that some issuers can write.
    std::optional<std::string> roles_claim = std::nullopt;
    /// A claim that names the client; it comes before the standard ones.
    std::optional<std::string> device_claim = std::nullopt;
    /// Whether a token without `aud` may still be for us because of its client.
    bool audience_by_client = false;
};

/// The parts of a token's claims that Coredepot uses.
struct Claims {
    /// The client that asked for the token: the first of Expectation's device_claim, `azp` and
    /// `client_id` (RFC 9068).
    std::optional<std::string> authorized_party;
    /// There is no `aud`, so somebody else must decide whether the client makes up for it.
    bool without_audience = false;
    /// The roles of the realm (`realm_access.roles`) and of the audience
    /// (`resource_access.{audience}.roles`), as Keycloak writes them, and those of Expectation's
    /// roles_claim. What is no list of names is ignored: such a token is valid but gives no role.
    std::set<std::string> roles;
    Person person;  ///< `sub`; `name`, or else `preferred_username`
    // Seconds since 1970. Fractions are allowed (RFC 7519, NumericDate).
    double expires = 0;
    std::optional<double> not_before;
    std::optional<double> issued_at;
};

/// Throws InvalidToken when a claim is missing, has the wrong type or an unexpected value, or when
/// the token is bound to a key (`cnf`), because a bearer does not prove to have the key. It does
/// not check the time.
Claims read_claims(const json::Object& claims, const Expectation& expected);

/// Throws InvalidToken when the token is not valid at `now`.
void check_times(const Claims& claims, std::chrono::seconds clock_skew, Timestamp now);

}  // namespace coredepot::auth
