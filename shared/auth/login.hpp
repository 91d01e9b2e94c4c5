#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/claims.hpp"
#include "auth/code_exchange.hpp"
#include "auth/issuer_keys.hpp"
#include "auth/issuer_metadata.hpp"
#include "auth/session.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Takes a person through the issuer's login and back: OpenID Connect's authorization code flow
/// (Core 1.0, section 3.1) with PKCE (RFC 7636), so that the browser never has a token.
///
/// The values that must match at both ends (state, nonce, PKCE's verifier, the way back) travel in
/// a cookie. Each login has its own cookie, encrypted, valid for ten minutes, and removed when the
/// issuer's answer comes. So an answer counts only once and only in the browser that asked, and
/// several tabs may log in at the same time.
class Login {
  public:
    /// `config` must have a session_key_file.
    Login(const OidcConfig& config, const Clock& clock);

    static constexpr std::chrono::minutes kPatience{10};
    /// The limit, however long the issuer's tokens last.
    static constexpr std::chrono::hours kLongestSession{8};

    struct Began {
        std::string location;  ///< the issuer's page
        std::string state;
        std::string cookie;
    };
    /// `base` is our URL; `/session/callback` is below it. is_return_path(return_path) must hold.
    /// Throws IssuerUnavailable.
    Began begin(const std::string& base, const std::string& return_path);

    /// What the issuer's page gave the browser for us.
    struct Answer {
        std::optional<std::string> state;
        std::optional<std::string> code;
        std::optional<std::string> issuer;  ///< `iss` (RFC 9207)
        std::optional<std::string> error;
    };
    struct Ended {
        Session session;
        std::string return_path;
    };
    /// `cookie` is the cookie of the login with the answer's state; empty when the browser has
    /// none. Throws LoginFailed and IssuerUnavailable.
    Ended finish(const Answer& answer, const std::optional<std::string>& cookie);

    /// Where to send the browser so that the issuer ends its session, too, and sends it back to
    /// `base`; empty when the issuer has no such page. `session` is the one that ends, if known.
    std::optional<std::string> logout_location(const std::optional<Session>& session,
                                               const std::string& base);

    Sessions& sessions() { return sessions_; }

  private:
    struct Pending;
    Pending read_pending(const Answer& answer, const std::optional<std::string>& cookie);
    void check_answer(const Answer& answer);
    Claims check(const std::string& token, const Expectation& expected);
    Claims check_id_token(const std::string& token, const std::string& nonce);
    std::optional<Claims> check_access_token(const std::string& token, const Person& person);
    Session make_session(const IssuedTokens& tokens, const std::string& nonce);

    OidcConfig config_;
    Clock clock_;
    Seal seal_;
    Sessions sessions_;
    IssuerMetadata metadata_;
    IssuerKeys keys_;
};

}  // namespace coredepot::auth
