#include "auth/login.hpp"

#include <algorithm>

#include "auth/access.hpp"
#include "auth/cache_folder.hpp"
#include "auth/identity.hpp"
#include "auth/jwt.hpp"
#include "auth/random.hpp"
#include "auth/return_path.hpp"
#include "auth/token_check.hpp"
#include "json.hpp"
#include "log.hpp"
#include "sha256.hpp"
#include "text/base64.hpp"
#include "text/hex.hpp"
#include "text/url.hpp"
#include "text/utf8.hpp"

namespace coredepot::auth {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

constexpr std::string_view kLoginType = "login";

std::string with_query(std::string url,
                       const std::vector<std::pair<std::string, std::string>>& parameters) {
    char separator = url.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : parameters) {
        url += separator + name + '=' + percent_encoded(value);
        separator = '&';
    }
    return url;
}

/// S256 of RFC 7636, section 4.2.
std::string challenge(const std::string& verifier) {
    return encode_base64url(from_hex(sha256_hex(verifier)).value());
}

}  // namespace

struct Login::Pending {
    std::string state;
    std::string nonce;
    std::string verifier;
    std::string redirect_uri;
    std::string return_path;

    std::string to_text(const std::string& issuer, Timestamp ends) const {
        json::Writer writer;
        writer.begin_object()
            .member("iss", issuer)
            .member("exp", floor<seconds>(ends).time_since_epoch().count())
            .member("state", state)
            .member("nonce", nonce)
            .member("verifier", verifier)
            .member("redirect_uri", redirect_uri)
            .member("return", return_path)
            .end_object();
        return writer.take();
    }
    /// Empty when it is for another issuer or too old.
    static std::optional<Pending> parse(const std::string& text, const std::string& issuer,
                                        Timestamp now) {
        const auto object = json::Object::parse(text);
        const auto ends = object ? object->integer("exp") : std::nullopt;
        if (!ends || object->string("iss") != issuer || now >= Timestamp(seconds(*ends))) {
            return std::nullopt;
        }
        return Pending{object->string("state").value_or(""), object->string("nonce").value_or(""),
                       object->string("verifier").value_or(""),
                       object->string("redirect_uri").value_or(""),
                       object->string("return").value_or("")};
    }
};

Login::Login(const OidcConfig& config, const Clock& clock)
    : config_(config),
      clock_(clock),
      seal_(config.session_key_file.value()),
      sessions_(config.session_key_file.value(), config.issuer_url, clock),
      metadata_(config, clock),
      keys_(config.issuer_url, cache_folder(config), clock, config.ca_file) {}

Login::Began Login::begin(const std::string& base, const std::string& return_path) {
    const Pending pending{random_text(), random_text(), random_text(), base + "/session/callback",
                          return_path};
    return {with_query(metadata_.endpoints().authorization,
                       {{"response_type", "code"},
                        {"client_id", config_.client_id},
                        {"redirect_uri", pending.redirect_uri},
                        {"scope", config_.scope},
                        {"state", pending.state},
                        {"nonce", pending.nonce},
                        {"code_challenge", challenge(pending.verifier)},
                        {"code_challenge_method", "S256"}}),
            pending.state,
            seal_.close(kLoginType, pending.to_text(config_.issuer_url, clock_() + kPatience))};
}

Login::Ended Login::finish(const Answer& answer, const std::optional<std::string>& cookie) {
    const auto pending = read_pending(answer, cookie);
    check_answer(answer);
    const auto tokens = exchange_code(config_, metadata_.endpoints(),
                                      {*answer.code, pending.redirect_uri, pending.verifier});
    return {make_session(tokens, pending.nonce), pending.return_path};
}

Login::Pending Login::read_pending(const Answer& answer, const std::optional<std::string>& cookie) {
    if (!cookie) throw LoginFailed("this browser did not start the login with this state");
    const auto text = seal_.open(kLoginType, *cookie);
    auto pending = text ? Pending::parse(*text, config_.issuer_url, clock_()) : std::nullopt;
    if (!pending) throw LoginFailed("the login cookie is not ours, or older than 10 minutes");
    if (pending->state.empty() || answer.state != pending->state) {
        throw LoginFailed("the state differs from the one in the login cookie");
    }
    return std::move(*pending);
}

void Login::check_answer(const Answer& answer) {
    // Prevents mix-up: the answer may come from another issuer (RFC 9207, section 2.4).
    if (answer.issuer ? *answer.issuer != config_.issuer_url : metadata_.endpoints().names_itself) {
        throw LoginFailed("the answer is not from our issuer: iss differs or is missing");
    }
    constexpr std::size_t kShown = 64;
    if (answer.error) {
        throw LoginFailed("the issuer says " + to_visible(answer.error->substr(0, kShown), '?'));
    }
    if (!answer.code || answer.code->empty()) throw LoginFailed("there is no code");
}

Claims Login::check(const std::string& token, const Expectation& expected) {
    auto read = read_token(Jwt::parse(token), expected);
    check_signature(read, find_key(read, keys_, config_.clock_skew, clock_()), token);
    return std::move(read.claims);
}

/// See Core 1.0, section 3.1.3.7.
Claims Login::check_id_token(const std::string& token, const std::string& nonce) {
    try {
        auto claims = check(token, {config_.issuer_url, config_.client_id, config_.clock_skew,
                                    config_.roles_claim});
        if (!claims.person.subject) throw InvalidToken("the token's sub is missing");
        if (claims.authorized_party && *claims.authorized_party != config_.client_id) {
            throw InvalidToken("the token's azp is another client");
        }
        if (Jwt::parse(token).claims.string("nonce") != nonce) {
            throw InvalidToken("the token's nonce differs from the login's");
        }
        return claims;
    } catch (const InvalidToken& refused) {
        throw LoginFailed(std::string("the ID token is not good: ") + refused.what());
    }
}

/// Empty when we would not accept it as a bearer token either: some issuers' access tokens are
/// meant only for themselves.
std::optional<Claims> Login::check_access_token(const std::string& token, const Person& person) {
    try {
        auto claims = check(token, expectation_of(config_));
        if (claims.person.subject != person.subject) {
            throw InvalidToken("the token's sub differs from the ID token's");
        }
        const bool is_ours = !claims.without_audience ||
                             config_.clients_without_audience.contains(config_.client_id);
        if (!is_ours) throw InvalidToken("the token has no aud, and its client is none of ours");
        return claims;
    } catch (const InvalidToken& refused) {
        log::info("roles come from the ID token, because the access token is not for us",
                  {{"reason", refused.what()}});
        return std::nullopt;
    }
}

/// The session gets the roles of the access token, as if that had been sent to us. If we cannot
/// read it, the session gets the ID token's roles. It lasts no longer than the tokens.
Session Login::make_session(const IssuedTokens& tokens, const std::string& nonce) {
    const auto identity = check_id_token(tokens.id_token, nonce);
    const auto access = check_access_token(tokens.access_token, identity.person);
    const auto began = floor<seconds>(clock_());
    const double expires = access ? std::min(identity.expires, access->expires) : identity.expires;
    const auto ends = std::min(
        static_cast<double>((began + kLongestSession).time_since_epoch() / seconds(1)), expires);
    Session session{identity.person,
                    {},
                    began,
                    Timestamp(seconds(static_cast<std::int64_t>(ends))),
                    tokens.id_token};
    for (const auto& role : (access ? *access : identity).roles) {
        if (caller_of({role}) != Caller::Stranger) session.roles.insert(role);
    }
    return session;
}

std::optional<std::string> Login::logout_location(const std::optional<Session>& session,
                                                  const std::string& base) {
    const auto& end_session = metadata_.endpoints().end_session;
    if (!end_session) return std::nullopt;
    std::vector<std::pair<std::string, std::string>> parameters{
        {"client_id", config_.client_id}, {"post_logout_redirect_uri", base + '/'}};
    if (session && session->id_token) parameters.emplace_back("id_token_hint", *session->id_token);
    return with_query(*end_session, parameters);
}

}  // namespace coredepot::auth
