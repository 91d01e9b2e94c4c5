#pragma once

#include <optional>
#include <string>

#include "auth/issuer_answer.hpp"
#include "config.hpp"

namespace coredepot::auth {

/// Where people log in, as the issuer says, remembered as IssuerAnswer has it.
class IssuerMetadata {
  public:
    /// Throws std::runtime_error when there is no folder for the answer. Asks the issuer nothing
    /// yet.
    IssuerMetadata(const OidcConfig& config, Clock clock);
    IssuerMetadata(const IssuerMetadata&) = delete;  // answer_ points here
    IssuerMetadata& operator=(const IssuerMetadata&) = delete;

    /// Good until the next call. Throws IssuerUnavailable when the issuer does not say and never
    /// did; why is in the log. Takes 7 seconds at the most, as TokenEndpoint::url() does.
    const LoginEndpoints& endpoints();

  private:
    std::optional<FetchFailure> accept(const std::string& metadata);

    std::string issuer_;
    Clock clock_;
    std::optional<LoginEndpoints> endpoints_;
    IssuerAnswer answer_;
};

}  // namespace coredepot::auth
