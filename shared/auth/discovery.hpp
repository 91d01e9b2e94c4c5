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

/// The longest that the two below take: three seconds a request.
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

/// Asks the issuer for all that it says of itself, which is returned as it came. As long as a token
/// endpoint takes.
std::variant<std::string, FetchFailure> fetch_metadata(
    const std::string& issuer, const std::optional<std::filesystem::path>& ca_file = std::nullopt);

/// Where people log in.
struct LoginEndpoints {
    std::string authorization;
    std::string token;
    std::optional<std::string> end_session;  ///< RP-Initiated Logout 1.0, section 2.1
    bool takes_basic = true;    ///< at the token endpoint: client_secret_basic, else _post
    bool names_itself = false;  ///< in `iss` of each answer (RFC 9207)
};

/// Those in what fetch_metadata() returned: http:// only where the issuer is.
std::variant<LoginEndpoints, FetchFailure> read_login_endpoints(const std::string& metadata,
                                                                const std::string& issuer);

}  // namespace coredepot::auth
