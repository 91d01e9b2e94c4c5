#include "auth/token_endpoint.hpp"

#include "auth/cache_folder.hpp"
#include "text/url.hpp"

namespace coredepot::auth {

TokenEndpoint::TokenEndpoint(const OidcConfig& config, Clock clock) : url_(config.token_url) {
    if (url_) return;
    const auto issuer = config.issuer_url;
    answer_.emplace(
        issuer, cache_folder(config),
        Question{
            "token_endpoint", "the issuer's token endpoint",
            [issuer, ca_file = config.ca_file] { return fetch_token_endpoint(issuer, ca_file); },
            kLongestForTokenEndpoint, [this](const std::string& url) { return accept(url); }},
        std::move(clock));
}

std::optional<std::string> TokenEndpoint::url() {
    if (answer_) answer_->refresh();
    return url_;
}

std::optional<FetchFailure> TokenEndpoint::accept(const std::string& url) {
    if (!is_quotable_url(url)) return FetchFailure{"token_endpoint is no URL for a script: " + url};
    url_ = url;
    return std::nullopt;
}

}  // namespace coredepot::auth
