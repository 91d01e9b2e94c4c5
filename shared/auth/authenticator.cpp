#include "auth/authenticator.hpp"

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
        return {*credentials.device_key};
    }
};

/// OIDC_ENABLED=true, until tokens can be checked: a door without a key stays shut.
class RefuseEverybody final : public Authenticator {
  public:
    Identity authenticate(Access access, const Credentials& /*unused*/) const override {
        if (access != Access::Public) throw Unauthenticated("tokens cannot be checked yet");
        return {};
    }
};

}  // namespace

std::unique_ptr<Authenticator> trust_everybody() {
    return std::make_unique<TrustEverybody>();
}

std::unique_ptr<Authenticator> make_authenticator(const Config& config) {
    if (config.oidc) return std::make_unique<RefuseEverybody>();
    return trust_everybody();
}

}  // namespace coredepot::auth
