#pragma once

#include <memory>
#include <optional>
#include <string>

#include "auth/authenticator.hpp"
#include "auth/session.hpp"

namespace coredepot::auth {

/// Who sends a request is who its bearer token says, or, where it has none, whose session is in its
/// cookie. A session opens what a token with its roles opens, but never a device's paths; and what
/// changes something has to come from a page of ours.
class SessionAuthenticator final : public Authenticator {
  public:
    /// `tokens` judges requests that do not go by their cookie. `base_url`: where browsers find us;
    /// unset: where the request says.
    SessionAuthenticator(std::unique_ptr<Authenticator> tokens, Sessions sessions,
                         const std::optional<std::string>& base_url);

    Identity authenticate(Access access, const Credentials& credentials) const override;

  private:
    std::unique_ptr<Authenticator> tokens_;
    mutable Sessions sessions_;  // it reads the keys when they change
    std::string base_;           ///< our origin; empty: as the request says
};

}  // namespace coredepot::auth
