#pragma once

#include <memory>

#include "auth/identity.hpp"
#include "auth/registered_clients.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Decides who sent a request and whether they may. HTTP knows tokens only through this interface.
class Authenticator {
  public:
    virtual ~Authenticator() = default;
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    /// Throws Unauthenticated, Forbidden, or another exception of identity.hpp.
    virtual Identity authenticate(Access access, const Credentials& credentials) const = 0;

  protected:
    Authenticator() = default;
};

/// The configured authenticator. Without tokens, it trusts everybody who calls this machine by one
/// of its own names, which pages of other sites cannot do. Without a registry, the only devices are
/// those whose client IDs say so. Throws std::runtime_error when the configuration cannot be used.
std::unique_ptr<Authenticator> make_authenticator(const Config& config, Registry registry = {});
/// For programs that know their callers: it trusts everybody, and devices name themselves.
std::unique_ptr<Authenticator> trust_everybody();

}  // namespace coredepot::auth
