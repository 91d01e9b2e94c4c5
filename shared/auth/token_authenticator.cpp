#include "auth/token_authenticator.hpp"

#include "auth/access.hpp"
#include "auth/bearer_token.hpp"
#include "auth/cache_folder.hpp"
#include "auth/jwt.hpp"

namespace coredepot::auth {
namespace {

constexpr std::string_view kDeviceClients = "iotdevice-";

Caller caller(const Claims& claims, const std::optional<DeviceReference>& device) {
    if (device) return Caller::Device;
    // A client of that kind which names no device of ours is no admin either.
    const auto& party = claims.authorized_party;
    if (party && party->starts_with(kDeviceClients)) return Caller::Stranger;
    if (claims.roles.contains("admin")) return Caller::Admin;
    if (claims.roles.contains("pipeline")) return Caller::Pipeline;
    return Caller::Stranger;
}

ReadToken read_token(std::string_view token, const Expectation& expected) {
    auto jwt = Jwt::parse(token);
    return {jwt.algorithm, std::move(jwt.key_id), read_claims(jwt.claims, expected)};
}

void enforce(Access access, Caller caller) {
    switch (decide(access, caller)) {
        case Verdict::Allowed:
            return;
        case Verdict::Unauthenticated:
            throw Unauthenticated("no bearer token");
        case Verdict::Forbidden:
            throw Forbidden(caller == Caller::Device ? "a device's token" : "not its role");
    }
}

}  // namespace

TokenAuthenticator::TokenAuthenticator(const OidcConfig& config, Clock clock)
    : expected_{config.issuer_url, config.audience, config.clock_skew, config.roles_claim},
      clock_(std::move(clock)) {
    keys_ = std::make_unique<IssuerKeys>(config.issuer_url, cache_folder(config), clock_);
}

Identity TokenAuthenticator::authenticate(Access access, const Credentials& credentials) const {
    if (access == Access::Public) return {};
    const auto token = bearer_token(credentials.authorization);
    if (!token) {
        enforce(access, Caller::Nobody);
        return {};
    }
    const auto claims = check(*token);
    auto device =
        claims.authorized_party ? parse_client_id(*claims.authorized_party) : std::nullopt;
    enforce(access, caller(claims, device));
    if (access != Access::Device) return {};
    return {std::move(device).value()};
}

/// The claims before the signature: what is refused for them need not trouble the issuer, nor take
/// a public key's time.
Claims TokenAuthenticator::check(std::string_view token) const {
    const auto* known = verified_.find(token);
    auto read = known != nullptr ? known->token : read_token(token, expected_);
    check_times(read.claims, expected_.clock_skew, clock_());
    const auto* key = keys_->find(read.key_id, read.algorithm);
    if (key == nullptr) throw InvalidToken("no key of the issuer's fits the token");
    // A key of the same name may be another by now.
    if (known == nullptr || known->keys != keys_->generation()) {
        if (!key->verifies(token)) throw InvalidToken("the token's signature is not good");
        verified_.add(token, {read, keys_->generation()});
    }
    return std::move(read.claims);
}

}  // namespace coredepot::auth
