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

/// A person's way through the issuer and back: OpenID Connect's authorization code flow (Core 1.0,
/// section 3.1) with PKCE (RFC 7636), so that no token is in the browser.
///
/// What has to be the same at both ends (state, nonce, PKCE's verifier, the way back) goes along in
/// a cookie of its own for each login: encrypted, for ten minutes, and taken away when the issuer's
/// answer comes. So an answer is good only in the browser that asked, and only once; and several
/// tabs may ask at a time.
class Login {
  public:
    /// `config` has a session_key_file.
    Login(const OidcConfig& config, const Clock& clock);

    static constexpr std::chrono::minutes kPatience{10};
    /// However long the issuer's tokens are good for.
    static constexpr std::chrono::hours kLongestSession{8};

    struct Began {
        std::string location;  ///< the issuer's page
        std::string state;
        std::string cookie;
    };
    /// `base`: our URL, below which `/session/callback` is; is_return_path(return_path) holds.
    /// Throws IssuerUnavailable.
    Began begin(const std::string& base, const std::string& return_path);

    /// What the issuer's page sent the browser back with.
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
    /// `cookie`: that of the login with the answer's state; empty when the browser has none.
    /// Throws LoginFailed, and IssuerUnavailable.
    Ended finish(const Answer& answer, const std::optional<std::string>& cookie);

    /// Where the browser has to go for the issuer to end its session as well, and to come back to
    /// `base`; empty when the issuer has no such place. `session`: the one that ends, if it is
    /// known.
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
