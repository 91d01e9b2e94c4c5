#pragma once

#include <optional>
#include <string>

#include "auth/issuer_answer.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Where clients get their tokens, for the scripts that pipelines are given: OIDC_TOKEN_URL, else
/// what the issuer says, remembered as IssuerAnswer has it.
class TokenEndpoint {
  public:
    /// Throws std::runtime_error when there is no folder for the answer. Asks the issuer nothing
    /// yet.
    TokenEndpoint(const OidcConfig& config, Clock clock);
    TokenEndpoint(const TokenEndpoint&) = delete;  // answer_ points here
    TokenEndpoint& operator=(const TokenEndpoint&) = delete;

    /// For is_quotable_url() it is one. Empty when the issuer does not say and never did; why is in
    /// the log. Takes 7 seconds at the most, and only without an answer that is five minutes old or
    /// younger.
    std::optional<std::string> url();

  private:
    std::optional<FetchFailure> accept(const std::string& url);

    std::optional<std::string> url_;
    std::optional<IssuerAnswer> answer_;  ///< none when it is configured
};

}  // namespace coredepot::auth
