#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace coredepot::auth {

/// Why the issuer gave no useful answer. For the log.
struct FetchFailure {
    std::string why;
};

/// The longest that the next two functions take: three seconds per request.
constexpr std::chrono::seconds kLongestForJwks{6};
constexpr std::chrono::seconds kLongestForTokenEndpoint{3};

/// Asks the issuer for its keys. It reads `{issuer}/.well-known/openid-configuration`, which must
/// name `issuer` byte for byte (OpenID Connect Discovery 1.0, section 4.3), and returns the JWKS at
/// its `jwks_uri` unchanged. `ca_file`: see net::GetRequest.
std::variant<std::string, FetchFailure> fetch_jwks(
    const std::string& issuer, const std::optional<std::filesystem::path>& ca_file = std::nullopt);

/// Asks the issuer for its `token_endpoint`, from the same document.
std::variant<std::string, FetchFailure> fetch_token_endpoint(
    const std::string& issuer, const std::optional<std::filesystem::path>& ca_file = std::nullopt);

/// Asks the issuer for the whole document and returns it unchanged. Takes as long as
/// fetch_token_endpoint().
std::variant<std::string, FetchFailure> fetch_metadata(
    const std::string& issuer, const std::optional<std::filesystem::path>& ca_file = std::nullopt);

/// Where people log in.
struct LoginEndpoints {
    std::string authorization;
    std::string token;
    std::optional<std::string> end_session;  ///< RP-Initiated Logout 1.0, section 2.1
    bool takes_basic = true;  ///< whether the token endpoint takes client_secret_basic; else _post
    bool names_itself = false;  ///< each answer has `iss` (RFC 9207)
};

/// Reads them from the result of fetch_metadata(). http:// is allowed only if the issuer uses it.
std::variant<LoginEndpoints, FetchFailure> read_login_endpoints(const std::string& metadata,
                                                                const std::string& issuer);

}  // namespace coredepot::auth
