#include "auth/issuer_metadata.hpp"

#include <algorithm>

#include "auth/cache_folder.hpp"
#include "auth/identity.hpp"

namespace coredepot::auth {

IssuerMetadata::IssuerMetadata(const OidcConfig& config, Clock clock)
    : issuer_(config.issuer_url),
      clock_(clock),
      answer_(config.issuer_url, cache_folder(config),
              {"metadata", "the issuer's metadata",
               [issuer = config.issuer_url, ca_file = config.ca_file] {
                   return fetch_metadata(issuer, ca_file);
               },
               kLongestForTokenEndpoint,
               [this](const std::string& metadata) { return accept(metadata); }},
              std::move(clock)) {}

const LoginEndpoints& IssuerMetadata::endpoints() {
    answer_.refresh();
    if (endpoints_) return *endpoints_;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(answer_.asked().wait(clock_()));
    throw IssuerUnavailable("it is not known where people log in",
                            std::max(std::chrono::seconds(1), wait));
}

std::optional<FetchFailure> IssuerMetadata::accept(const std::string& metadata) {
    auto endpoints = read_login_endpoints(metadata, issuer_);
    if (auto* failure = std::get_if<FetchFailure>(&endpoints)) return std::move(*failure);
    endpoints_ = std::get<LoginEndpoints>(std::move(endpoints));
    return std::nullopt;
}

}  // namespace coredepot::auth
