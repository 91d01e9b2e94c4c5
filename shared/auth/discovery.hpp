#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace coredepot::auth {

/// Why what the issuer was asked for could not be had, or is of no use; for the log.
struct FetchFailure {
    std::string why;
};

/// The longest that each of the two below takes: three seconds a request.
constexpr std::chrono::seconds kLongestForJwks{6};
constexpr std::chrono::seconds kLongestForTokenEndpoint{3};

/// Asks the issuer for its keys: `{issuer}/.well-known/openid-configuration`, which has to name
/// `issuer` byte for byte as its own name (OpenID Connect Discovery 1.0, section 4.3), and then the
/// JWKS at its `jwks_uri`, which is returned as it came. `ca_file`: see net::GetRequest.
std::variant<std::string, FetchFailure> fetch_jwks(
    const std::string& issuer, const std::optional<std::filesystem::path>& ca_file = std::nullopt);

/// Asks the issuer for its `token_endpoint`, which stands beside `jwks_uri`.
std::variant<std::string, FetchFailure> fetch_token_endpoint(
    const std::string& issuer, const std::optional<std::filesystem::path>& ca_file = std::nullopt);

}  // namespace coredepot::auth
