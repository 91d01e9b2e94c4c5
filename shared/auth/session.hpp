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

/// Somebody who logged in. All that there is of it is in their browser's cookie.
struct Session {
    Person person;
    std::set<std::string> roles;  ///< of ours
    Timestamp began;
    Timestamp ends;
    /// The issuer's hint on whom it should log out (OpenID Connect RP-Initiated Logout 1.0, section
    /// 2).
    std::optional<std::string> id_token = std::nullopt;
};

/// Sessions as what a cookie holds.
class Sessions {
  public:
    /// Only those that began with a login at `issuer` are good.
    Sessions(const std::filesystem::path& key_file, std::string issuer, Clock clock)
        : seal_(key_file), issuer_(std::move(issuer)), clock_(std::move(clock)) {}

    /// Without the ID token where the cookie would be longer than browsers keep. Throws
    /// std::runtime_error when there is no key.
    std::string write(const Session& session);
    /// Empty when it is none of ours, was changed, or is over.
    std::optional<Session> read(std::string_view cookie);

  private:
    Seal seal_;
    std::string issuer_;
    Clock clock_;
};

}  // namespace coredepot::auth
