#include "auth/session_authenticator.hpp"

#include "auth/access.hpp"
#include "auth/bearer_token.hpp"
#include "auth/cookies.hpp"
#include "auth/same_origin.hpp"
#include "text/url.hpp"

namespace coredepot::auth {

SessionAuthenticator::SessionAuthenticator(std::unique_ptr<Authenticator> tokens, Sessions sessions,
                                           const std::optional<std::string>& base_url)
    : tokens_(std::move(tokens)),
      sessions_(std::move(sessions)),
      base_(base_url ? origin_of(*base_url) : "") {}

Identity SessionAuthenticator::authenticate(Access access, const Credentials& credentials) const {
    const bool by_token = access == Access::Public || access == Access::Device ||
                          !credentials.cookie || bearer_token(credentials.authorization);
    if (by_token) return tokens_->authenticate(access, credentials);
    const auto& site = base_.empty() ? credentials.site : base_;
    const bool secure = site.starts_with("https:");
    const auto cookie = find_cookie(*credentials.cookie, cookie_name(secure));
    if (!cookie) return tokens_->authenticate(access, credentials);
    auto session = sessions_.read(*cookie);
    if (!session) throw Unauthenticated("the cookie holds no valid session");
    if (changes_something(credentials.method) &&
        !is_same_origin(credentials.fetch_site, credentials.origin, site)) {
        throw Forbidden("a change with a session cookie that does not come from our page");
    }
    if (decide(access, caller_of(session->roles)) != Verdict::Allowed) {
        throw Forbidden("not a role of the session");
    }
    return {{}, std::move(session->person)};
}

}  // namespace coredepot::auth
