#pragma once

#include <memory>
#include <optional>
#include <string>

#include "auth/authenticator.hpp"
#include "auth/session.hpp"

namespace coredepot::auth {

/// Goes by a request's bearer token or, if it has none, by the session in its cookie. A session
/// gives the same rights as a token with its roles, but never access to a device's paths. A request
/// that changes something must come from one of our pages.
class SessionAuthenticator final : public Authenticator {
  public:
    /// `tokens` judges requests without a session. `base_url` is the address that browsers use;
    /// unset: the request's own.
    SessionAuthenticator(std::unique_ptr<Authenticator> tokens, Sessions sessions,
                         const std::optional<std::string>& base_url);

    Identity authenticate(Access access, const Credentials& credentials) const override;

  private:
    std::unique_ptr<Authenticator> tokens_;
    mutable Sessions sessions_;  // it reloads the keys when they change
    std::string base_;           ///< our origin; empty: take the request's
};

}  // namespace coredepot::auth
