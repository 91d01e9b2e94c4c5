#include "auth/authenticator.hpp"

#include "auth/session_authenticator.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/trusted_hosts.hpp"
#include "domain/time.hpp"

namespace coredepot::auth {
namespace {

class TrustEverybody : public Authenticator {
  public:
    Identity authenticate(Access access, const Credentials& credentials) const override {
        if (access != Access::Device) return {};
        if (!credentials.device_key || credentials.device_key->empty()) {
            throw Unauthenticated("no device_key");
        }
        return {DeviceReference{*credentials.device_key, std::nullopt}, {}};
    }
};

/// For OIDC_ENABLED=false.
class TrustThisMachine final : public TrustEverybody {
  public:
    explicit TrustThisMachine(const Config& config) : hosts_(config.base_url) {}

    Identity authenticate(Access access, const Credentials& credentials) const override {
        // Public requests may come from anywhere.
        if (access != Access::Public) {
            hosts_.check(credentials.host, credentials.origin.value_or(""));
        }
        return TrustEverybody::authenticate(access, credentials);
    }

  private:
    TrustedHosts hosts_;
};

}  // namespace

std::unique_ptr<Authenticator> trust_everybody() {
    return std::make_unique<TrustEverybody>();
}

std::unique_ptr<Authenticator> make_authenticator(const Config& config, Registry registry) {
    if (!config.oidc) return std::make_unique<TrustThisMachine>(config);
    const auto& oidc = *config.oidc;
    auto tokens = std::make_unique<TokenAuthenticator>(oidc, now, std::move(registry));
    if (!oidc.session_key_file) return tokens;
    return std::make_unique<SessionAuthenticator>(
        std::move(tokens), Sessions(*oidc.session_key_file, oidc.issuer_url, now), config.base_url);
}

}  // namespace coredepot::auth
