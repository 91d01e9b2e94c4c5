#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "auth/authenticator.hpp"
#include "auth/claims.hpp"
#include "auth/issuer_keys.hpp"
#include "auth/registered_clients.hpp"
#include "auth/verified_tokens.hpp"

namespace coredepot::auth {

/// For OIDC_ENABLED=true: the bearer token says who sends a request, and `device_key` is ignored.
class TokenAuthenticator final : public Authenticator {
  public:
    /// Throws std::runtime_error when there is no folder for the issuer's keys. Does not ask the
    /// issuer yet.
    TokenAuthenticator(const OidcConfig& config, Clock clock, Registry registry = {});

    /// Also throws IssuerUnavailable, and what the registry throws.
    Identity authenticate(Access access, const Credentials& credentials) const override;

  private:
    Claims check(std::string_view token) const;
    std::optional<DeviceReference> find_device(const Claims& claims) const;
    void check_client(const Claims& claims, bool is_device) const;

    Expectation expected_;
    Clock clock_;
    // Caches, which change although everything here is const.
    std::unique_ptr<IssuerKeys> keys_;
    mutable VerifiedTokens verified_;
    std::unique_ptr<RegisteredClients> registered_;  ///< null: there is no registry
    std::set<std::string> clients_without_audience_;
};

}  // namespace coredepot::auth
