#include "auth/claims.hpp"

#include <algorithm>

#include "auth/identity.hpp"

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

std::optional<json::Object> optional_object(const json::Object& claims, const std::string& name) {
    auto value = claims.object(name);
    if (!value && claims.has(name)) refuse(name + " is not an object");
    return value;
}

void check_issuer(const json::Object& claims, const std::string& expected) {
    const auto issuer = optional_string(claims, "iss");
    if (!issuer) refuse("iss is missing");
    if (*issuer != expected) refuse("iss is another issuer");
}

void check_audience(const json::Object& claims, const std::string& expected) {
    if (!claims.has("aud")) refuse("aud is missing");
    if (const auto one = claims.string("aud")) {
        if (*one != expected) refuse("aud is another audience");
        return;
    }
    const auto several = claims.strings("aud");
    if (!several) refuse("aud is neither a string nor an array of strings");
    if (std::ranges::find(*several, expected) == several->end()) {
        refuse("aud does not contain our audience");
    }
}

/// `holder` is an object with `roles`, or is not there.
void add_roles(std::set<std::string>& roles, const std::optional<json::Object>& holder) {
    if (!holder || !holder->has("roles")) return;
    const auto names = holder->strings("roles");
    if (!names) refuse("roles are not an array of strings");
    roles.insert(names->begin(), names->end());
}

std::vector<std::string> split_names(std::string_view text) {
    constexpr std::string_view kBetween = " ,";
    std::vector<std::string> names;
    while (true) {
        const auto begin = text.find_first_not_of(kBetween);
        if (begin == std::string_view::npos) return names;
        text.remove_prefix(begin);
        const auto length = std::min(text.find_first_of(kBetween), text.size());
        names.emplace_back(text.substr(0, length));
        text.remove_prefix(length);
    }
}

void add_roles_of_claim(std::set<std::string>& roles, const json::Object& claims,
                        const std::string& name) {
    if (!claims.has(name)) return;
    const auto text = claims.string(name);
    const auto names = text ? split_names(*text) : claims.strings(name);
    if (!names) refuse(name + " is neither a string nor an array of strings");
    roles.insert(names->begin(), names->end());
}

}  // namespace

Claims read_claims(const json::Object& claims, const Expectation& expected) {
    check_issuer(claims, expected.issuer);
    check_audience(claims, expected.audience);
    const auto expires = optional_time(claims, "exp");
    if (!expires) refuse("exp is missing");
    optional_string(claims, "sub");
    Claims result{optional_string(claims, "azp"),
                  {},
                  *expires,
                  optional_time(claims, "nbf"),
                  optional_time(claims, "iat")};
    add_roles(result.roles, optional_object(claims, "realm_access"));
    if (const auto resources = optional_object(claims, "resource_access")) {
        add_roles(result.roles, optional_object(*resources, expected.audience));
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
