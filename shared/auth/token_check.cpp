#include "auth/token_check.hpp"

#include "auth/identity.hpp"

namespace coredepot::auth {
namespace {

/// The latest moment at which the token may have been issued, in seconds since 1970; empty when
/// that is now.
std::optional<double> latest_issue(const Claims& claims, std::chrono::seconds clock_skew) {
    if (!claims.issued_at) return std::nullopt;
    return *claims.issued_at + static_cast<double>(clock_skew.count());
}

}  // namespace

Expectation expectation_of(const OidcConfig& config) {
    return {config.issuer_url,  config.audience,     config.clock_skew,
            config.roles_claim, config.device_claim, !config.clients_without_audience.empty()};
}

ReadToken read_token(const Jwt& jwt, const Expectation& expected) {
    return {jwt.algorithm, jwt.key_id, read_claims(jwt.claims, expected)};
}

const PublicKey& find_key(const ReadToken& token, IssuerKeys& keys, std::chrono::seconds clock_skew,
                          Timestamp now) {
    check_times(token.claims, clock_skew, now);
    const auto* key =
        keys.find(token.key_id, token.algorithm, latest_issue(token.claims, clock_skew));
    if (key == nullptr) throw InvalidToken("no key of the issuer's fits the token");
    return *key;
}

void check_signature(const ReadToken& read, const PublicKey& key, std::string_view token) {
    if (!is_signed_with(key, read.algorithm, token)) {
        throw InvalidToken("the token's signature is not good");
    }
}

}  // namespace coredepot::auth
