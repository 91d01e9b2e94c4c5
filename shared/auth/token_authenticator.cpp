#include "auth/token_authenticator.hpp"

#include "auth/access.hpp"
#include "auth/bearer_token.hpp"
#include "auth/cache_folder.hpp"
#include "auth/token_check.hpp"

namespace coredepot::auth {
namespace {

Caller caller(const Claims& claims, const std::optional<DeviceReference>& device) {
    if (device) return Caller::Device;
    // A client of that kind that names no device of ours is not an admin either.
    const auto& party = claims.authorized_party;
    if (party && party->starts_with(kDeviceClients)) return Caller::Stranger;
    return caller_of(claims.roles);
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

TokenAuthenticator::TokenAuthenticator(const OidcConfig& config, Clock clock, Registry registry)
    : expected_(expectation_of(config)),
      clock_(std::move(clock)),
      clients_without_audience_(config.clients_without_audience) {
    const auto folder = cache_folder(config);
    keys_ = std::make_unique<IssuerKeys>(config.issuer_url, folder, clock_, config.ca_file);
    if (registry) {
        registered_ = std::make_unique<RegisteredClients>(std::move(registry), folder, clock_);
    }
}

Identity TokenAuthenticator::authenticate(Access access, const Credentials& credentials) const {
    if (access == Access::Public) return {};
    const auto token = bearer_token(credentials.authorization);
    if (!token) {
        enforce(access, Caller::Nobody);
        return {};
    }
    auto claims = check(*token);
    auto device = find_device(claims);
    check_client(claims, device.has_value());
    enforce(access, caller(claims, device));
    if (access != Access::Device) return {{}, std::move(claims.person)};
    return {std::move(device).value(), {}};
}

/// By the client ID itself or else by the registry, which is only asked about valid tokens.
std::optional<DeviceReference> TokenAuthenticator::find_device(const Claims& claims) const {
    if (!claims.authorized_party) return std::nullopt;
    if (auto device = parse_client_id(*claims.authorized_party)) return device;
    const auto client = ClientId::parse(*claims.authorized_party);
    return client && registered_ ? registered_->find(*client) : std::nullopt;
}

void TokenAuthenticator::check_client(const Claims& claims, bool is_device) const {
    if (!claims.without_audience || is_device) return;
    const auto& party = claims.authorized_party;
    if (party && clients_without_audience_.contains(*party)) return;
    throw InvalidToken("the token has no aud, and its client is none of ours");
}

Claims TokenAuthenticator::check(std::string_view token) const {
    const auto* known = verified_.find(token);
    auto read = known != nullptr ? known->token : read_token(Jwt::parse(token), expected_);
    const auto& key = find_key(read, *keys_, expected_.clock_skew, clock_());
    // The name may stand for another key by now.
    if (known == nullptr || known->keys != keys_->generation()) {
        check_signature(read, key, token);
        verified_.add(token, {read, keys_->generation()});
    }
    return std::move(read.claims);
}

}  // namespace coredepot::auth
