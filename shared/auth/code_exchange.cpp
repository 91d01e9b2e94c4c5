#include "auth/code_exchange.hpp"

#include <utility>
#include <vector>

#include "auth/identity.hpp"
#include "json.hpp"
#include "net/http_get.hpp"
#include "text/base64.hpp"
#include "text/url.hpp"
#include "text/utf8.hpp"

namespace coredepot::auth {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string form(const Fields& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        if (!text.empty()) text += '&';
        text += name + '=' + percent_encoded(value);
    }
    return text;
}

/// Both parts are encoded before they are joined (RFC 6749, section 2.3.1).
std::string basic(const std::string& client, const std::string& secret) {
    return "Authorization: Basic " +
           encode_base64(percent_encoded(client) + ':' + percent_encoded(secret));
}

net::GetRequest request(const OidcConfig& config, const LoginEndpoints& endpoints,
                        const CodeGrant& grant) {
    constexpr std::uint64_t kMaxBody = 262'144;
    net::GetRequest request(endpoints.token,
                            {std::chrono::seconds(2), std::chrono::seconds(5), kMaxBody});
    Fields fields{{"grant_type", "authorization_code"},
                  {"code", grant.code},
                  {"redirect_uri", grant.redirect_uri},
                  {"code_verifier", grant.verifier}};
    if (config.client_secret && endpoints.takes_basic) {
        request.headers.push_back(basic(config.client_id, *config.client_secret));
    } else {
        fields.emplace_back("client_id", config.client_id);
        if (config.client_secret) fields.emplace_back("client_secret", *config.client_secret);
    }
    request.headers.emplace_back("Accept: application/json");
    request.post = {"application/x-www-form-urlencoded", form(fields)};
    request.use_proxy = true;
    request.ca_file = config.ca_file;
    return request;
}

/// Why the issuer refused: its status, and the error code if there is one (RFC 6749, section 5.2).
std::string reason(const net::GetResponse& response) {
    constexpr std::size_t kShown = 64;
    const auto object = json::Object::parse(response.body);
    const auto error = object ? object->string("error") : std::nullopt;
    return "the issuer gives no tokens for the code: status " + std::to_string(response.status) +
           (error ? ", " + to_visible(error->substr(0, kShown), '?') : "");
}

}  // namespace

IssuedTokens exchange_code(const OidcConfig& config, const LoginEndpoints& endpoints,
                           const CodeGrant& grant) {
    constexpr long kOk = 200;
    constexpr long kServerError = 500;
    const auto result = net::http_get(request(config, endpoints, grant));
    if (const auto* failure = std::get_if<net::GetFailure>(&result)) {
        throw IssuerUnavailable(endpoints.token + ": " + failure->error);
    }
    const auto& response = std::get<net::GetResponse>(result);
    if (response.status >= kServerError) throw IssuerUnavailable(reason(response));
    if (response.status != kOk) throw LoginFailed(reason(response));
    const auto object = json::Object::parse(response.body);
    auto id_token = object ? object->string("id_token") : std::nullopt;
    if (!id_token)
        throw LoginFailed("the issuer's answer has no id_token: is openid in OIDC_SCOPE?");
    return {std::move(*id_token), object->string("access_token").value_or("")};
}

}  // namespace coredepot::auth
