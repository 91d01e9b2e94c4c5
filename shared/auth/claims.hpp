#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "domain/person.hpp"
#include "domain/time.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// Whose tokens count, and for whom they have to be.
struct Expectation {
    std::string issuer;
    std::string audience;
    std::chrono::seconds clock_skew;  ///< leeway for the times in a token
    /// A claim that holds roles too: an array of strings, an object with a member for each, or one
    /// string of names with spaces or commas between them, which is all that some issuers can be
    /// told to write.
    std::optional<std::string> roles_claim = std::nullopt;
    /// A claim that names the client, before those that others have.
    std::optional<std::string> device_claim = std::nullopt;
    /// Whether a token without `aud` may be for us all the same, because of its client.
    bool audience_by_client = false;
};

/// What of a token's claims Coredepot goes by.
struct Claims {
    /// The client that asked for the token: Expectation's device_claim, `azp`, or `client_id`
    /// (RFC 9068), whichever is there first.
    std::optional<std::string> authorized_party;
    /// There is no `aud`, and it is for others to say whether the client will do for one.
    bool without_audience = false;
    /// Of the realm (`realm_access.roles`) and of the audience
    /// (`resource_access.{audience}.roles`), where Keycloak puts them, and of Expectation's
    /// roles_claim. What cannot be read as names is none: whoever writes such claims is refused
    /// what the role opens, not the token.
    std::set<std::string> roles;
    Person person;  ///< `sub`; `name`, or else `preferred_username`
    // Seconds since 1970, which need not be whole (RFC 7519, NumericDate).
    double expires = 0;
    std::optional<double> not_before;
    std::optional<double> issued_at;
};

/// Throws InvalidToken when a claim is missing, of the wrong type, or not as expected, or when the
/// token is bound to a key (`cnf`), which a bearer does not prove to have; what the time is has to
/// be looked at as well.
Claims read_claims(const json::Object& claims, const Expectation& expected);

/// Throws InvalidToken when they do not hold at `now`.
void check_times(const Claims& claims, std::chrono::seconds clock_skew, Timestamp now);

}  // namespace coredepot::auth
