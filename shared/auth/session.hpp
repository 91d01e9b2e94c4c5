#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "auth/issuer_answer.hpp"
#include "auth/seal.hpp"
#include "domain/person.hpp"
#include "domain/time.hpp"

namespace coredepot::auth {

/// A person's login. All of it is in their browser's cookie.
struct Session {
    Person person;
    std::set<std::string> roles;  ///< only ours
    Timestamp began;
    Timestamp ends;
    /// Tells the issuer whom to log out (OpenID Connect RP-Initiated Logout 1.0, section 2).
    std::optional<std::string> id_token = std::nullopt;
};

/// Writes sessions into cookies and reads them.
class Sessions {
  public:
    /// Only sessions that began with a login at `issuer` are valid.
    Sessions(const std::filesystem::path& key_file, std::string issuer, Clock clock)
        : seal_(key_file), issuer_(std::move(issuer)), clock_(std::move(clock)) {}

    /// Leaves out the ID token if the cookie would be too long for browsers. Throws
    /// std::runtime_error when there is no key.
    std::string write(const Session& session);
    /// Empty when it is not ours, was changed, or is over.
    std::optional<Session> read(std::string_view cookie);

  private:
    Seal seal_;
    std::string issuer_;
    Clock clock_;
};

}  // namespace coredepot::auth
