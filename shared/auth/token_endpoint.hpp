#pragma once

#include <optional>
#include <string>

#include "auth/issuer_answer.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Where clients get their tokens, for the scripts that pipelines download: OIDC_TOKEN_URL, or else
/// the issuer's answer, cached like every IssuerAnswer.
class TokenEndpoint {
  public:
    /// Throws std::runtime_error when there is no folder for the answer. Does not ask the issuer
    /// yet.
    TokenEndpoint(const OidcConfig& config, Clock clock);
    TokenEndpoint(const TokenEndpoint&) = delete;  // answer_ points here
    TokenEndpoint& operator=(const TokenEndpoint&) = delete;

    /// is_quotable_url() holds for the result. Empty when the issuer does not answer and never has;
    /// the log says why. Takes at most 7 seconds, and only when the last answer is older than five
    /// minutes.
    std::optional<std::string> url();

  private:
    std::optional<FetchFailure> accept(const std::string& url);

    std::optional<std::string> url_;
    std::optional<IssuerAnswer> answer_;  ///< none when the URL is configured
};

}  // namespace coredepot::auth
