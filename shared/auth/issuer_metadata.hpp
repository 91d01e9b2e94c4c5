#pragma once

#include <optional>
#include <string>

#include "auth/issuer_answer.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Where people log in, according to the issuer. Cached like every IssuerAnswer.
class IssuerMetadata {
  public:
    /// Throws std::runtime_error when there is no folder for the answer. Does not ask the issuer
    /// yet.
    IssuerMetadata(const OidcConfig& config, Clock clock);
    IssuerMetadata(const IssuerMetadata&) = delete;  // answer_ points here
    IssuerMetadata& operator=(const IssuerMetadata&) = delete;

    /// Valid until the next call. Throws IssuerUnavailable when the issuer does not answer and
    /// never has; the log says why. Takes at most 7 seconds, like TokenEndpoint::url().
    const LoginEndpoints& endpoints();

  private:
    std::optional<FetchFailure> accept(const std::string& metadata);

    std::string issuer_;
    Clock clock_;
    std::optional<LoginEndpoints> endpoints_;
    IssuerAnswer answer_;
};

}  // namespace coredepot::auth
