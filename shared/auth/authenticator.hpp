#pragma once

#include <memory>

#include "auth/identity.hpp"
#include "auth/registered_clients.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Decides who sent a request and whether it may. The one seam between HTTP and tokens.
class Authenticator {
  public:
    virtual ~Authenticator() = default;
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    /// Throws Unauthenticated, Forbidden, or what else there is in identity.hpp.
    virtual Identity authenticate(Access access, const Credentials& credentials) const = 0;

  protected:
    Authenticator() = default;
};

/// As the configuration asks for; without tokens that is trust in everybody who asks this machine
/// by a name that it has, which pages of other sites do not. Without a registry devices are those
/// whose client ids say so. Throws std::runtime_error when that cannot be had.
std::unique_ptr<Authenticator> make_authenticator(const Config& config, Registry registry = {});
/// For who knows who asks: everybody is trusted, and devices name themselves.
std::unique_ptr<Authenticator> trust_everybody();

}  // namespace coredepot::auth
