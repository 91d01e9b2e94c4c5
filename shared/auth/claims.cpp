#include "auth/claims.hpp"

#include <algorithm>

#include "auth/identity.hpp"
#include "text/utf8.hpp"

namespace coredepot::auth {
namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw InvalidToken("the token's " + why);
}

/// Empty when absent.
std::optional<std::string> optional_string(const json::Object& claims, const std::string& name) {
    auto value = claims.string(name);
    if (!value && claims.has(name)) refuse(name + " is not a string");
    return value;
}

/// Empty when absent.
std::optional<double> optional_time(const json::Object& claims, const std::string& name) {
    const auto value = claims.number(name);
    if (!value && claims.has(name)) refuse(name + " is not a number");
    return value;
}

void check_issuer(const json::Object& claims, const std::string& expected) {
    const auto issuer = optional_string(claims, "iss");
    if (!issuer) refuse("iss is missing");
    if (*issuer != expected) refuse("iss is another issuer");
}

/// False when there is no audience.
bool check_audience(const json::Object& claims, const Expectation& expected) {
    if (!claims.has("aud")) {
        if (!expected.audience_by_client) refuse("aud is missing");
        return false;
    }
    if (const auto one = claims.string("aud")) {
        if (*one != expected.audience) refuse("aud is another audience");
        return true;
    }
    const auto several = claims.strings("aud");
    if (!several) refuse("aud is neither a string nor an array of strings");
    if (std::ranges::find(*several, expected.audience) == several->end()) {
        refuse("aud does not contain our audience");
    }
    return true;
}

/// Such a token is only valid with a proof of the key, which a thief does not have (RFC 7800). We
/// do not support such proofs.
void check_unbound(const json::Object& claims) {
    if (!claims.has("cnf")) return;
    const auto confirmation = claims.object("cnf");
    if (confirmation && confirmation->has("jkt")) {
        refuse("cnf.jkt binds it to a DPoP key, and it came as a bearer token");
    }
    if (confirmation && confirmation->has("x5t#S256")) {
        refuse("cnf.x5t#S256 binds it to a TLS client certificate, and it came as a bearer token");
    }
    refuse("cnf binds it to a key, and it came as a bearer token");
}

std::optional<std::string> read_party(const json::Object& claims, const Expectation& expected) {
    if (expected.device_claim) {
        if (auto party = optional_string(claims, *expected.device_claim)) return party;
    }
    auto party = optional_string(claims, "azp");
    return party ? party : optional_string(claims, "client_id");
}

/// A name that is fit to store and show, since people make names up. The limit counts bytes, which
/// is enough for any name.
std::optional<std::string> shown(const std::optional<std::string>& name) {
    constexpr std::size_t kMost = 255;
    if (!name || name->empty()) return std::nullopt;
    return to_visible(name->substr(0, kMost), '?');
}

/// An invalid name is no reason to refuse the token.
Person read_person(const json::Object& claims) {
    const auto name = claims.string("name");
    return {shown(optional_string(claims, "sub")),
            shown(name ? name : claims.string("preferred_username"))};
}

std::set<std::string> split_names(std::string_view text) {
    constexpr std::string_view kBetween = " ,";
    std::set<std::string> names;
    while (true) {
        const auto begin = text.find_first_not_of(kBetween);
        if (begin == std::string_view::npos) return names;
        text.remove_prefix(begin);
        const auto length = std::min(text.find_first_of(kBetween), text.size());
        names.emplace(text.substr(0, length));
        text.remove_prefix(length);
    }
}

/// An array of names, or an object whose members' names count, as ZITADEL writes it. Members that
/// are null or false do not count: that is how one says that somebody does not have a role.
void add_names(std::set<std::string>& roles, const json::Object& holder, const std::string& name) {
    if (const auto names = holder.strings(name)) roles.insert(names->begin(), names->end());
    const auto members = holder.object(name);
    if (!members) return;
    for (auto& role : members->names()) {
        if (members->is_null(role) || members->boolean(role) == false) continue;
        roles.insert(std::move(role));
    }
}

/// As Keycloak writes them: `holder` has an object of this name with a member `roles`.
void add_roles(std::set<std::string>& roles, const json::Object& holder, const std::string& name) {
    if (const auto access = holder.object(name)) add_names(roles, *access, "roles");
}

void add_roles_of_claim(std::set<std::string>& roles, const json::Object& claims,
                        const std::string& name) {
    add_names(roles, claims, name);
    if (const auto text = claims.string(name)) roles.merge(split_names(*text));
}

}  // namespace

Claims read_claims(const json::Object& claims, const Expectation& expected) {
    check_issuer(claims, expected.issuer);
    const bool has_audience = check_audience(claims, expected);
    check_unbound(claims);
    const auto expires = optional_time(claims, "exp");
    if (!expires) refuse("exp is missing");
    Claims result{read_party(claims, expected), !has_audience, {},
                  read_person(claims),          *expires,      optional_time(claims, "nbf"),
                  optional_time(claims, "iat")};
    add_roles(result.roles, claims, "realm_access");
    if (const auto resources = claims.object("resource_access")) {
        add_roles(result.roles, *resources, expected.audience);
    }
    if (expected.roles_claim) add_roles_of_claim(result.roles, claims, *expected.roles_claim);
    return result;
}

void check_times(const Claims& claims, std::chrono::seconds clock_skew, Timestamp now) {
    const std::chrono::duration<double> since_1970 = now.time_since_epoch();
    const double current = since_1970.count();
    const auto skew = static_cast<double>(clock_skew.count());
    if (current >= claims.expires + skew) refuse("exp is past");
    if (claims.not_before && current < *claims.not_before - skew) refuse("nbf is in the future");
    if (claims.issued_at && current < *claims.issued_at - skew) refuse("iat is in the future");
}

}  // namespace coredepot::auth
