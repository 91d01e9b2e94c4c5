#include "auth/authenticator.hpp"

#include "auth/token_authenticator.hpp"
#include "domain/time.hpp"

namespace coredepot::auth {
namespace {

/// OIDC_ENABLED=false.
class TrustEverybody final : public Authenticator {
  public:
    Identity authenticate(Access access, const Credentials& credentials) const override {
        if (access != Access::Device) return {};
        if (!credentials.device_key || credentials.device_key->empty()) {
            throw Unauthenticated("no device_key");
        }
        return {DeviceReference{*credentials.device_key, std::nullopt}};
    }
};

}  // namespace

std::unique_ptr<Authenticator> trust_everybody() {
    return std::make_unique<TrustEverybody>();
}

std::unique_ptr<Authenticator> make_authenticator(const Config& config) {
    if (config.oidc) return std::make_unique<TokenAuthenticator>(*config.oidc, now);
    return trust_everybody();
}

}  // namespace coredepot::auth
