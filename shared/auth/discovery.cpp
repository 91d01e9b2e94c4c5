#include "auth/discovery.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "json.hpp"
#include "net/http_get.hpp"
#include "text/ascii.hpp"

namespace coredepot::auth {
namespace {

using CaFile = std::optional<std::filesystem::path>;

/// Used inside this file only. Outside it, a failure is a value.
class Failed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A request waits for this. An answer of 503 is better than one after nginx has given up.
std::string get(const std::string& url, const CaFile& ca_file) {
    constexpr long kOk = 200;
    // Microsoft's keys, which include certificates, have 20 kB.
    constexpr std::uint64_t kMaxBody = 262'144;
    net::GetRequest request(url, {std::chrono::seconds(2), std::chrono::seconds(3), kMaxBody});
    request.use_proxy = true;
    request.ca_file = ca_file;
    auto result = net::http_get(request);
    if (const auto* failure = std::get_if<net::GetFailure>(&result)) {
        throw Failed(url + ": " + failure->error);
    }
    auto& response = std::get<net::GetResponse>(result);
    if (response.status != kOk) throw Failed(url + ": status " + std::to_string(response.status));
    return std::move(response.body);
}

std::string discovery_url(std::string issuer) {
    while (issuer.ends_with('/')) issuer.pop_back();
    return issuer + "/.well-known/openid-configuration";
}

/// The issuer's metadata document, as text and parsed.
struct Metadata {
    std::string text;
    json::Object object;
};

Metadata get_metadata(const std::string& issuer, const CaFile& ca_file) {
    auto text = get(discovery_url(issuer), ca_file);
    auto object = json::Object::parse(text);
    if (!object) throw Failed("the discovery document is not a JSON object");
    const auto name = object->string("issuer");
    if (name != issuer) {
        throw Failed("OIDC_ISSUER_URL is " + issuer + ", but the issuer calls itself " +
                     name.value_or("nothing"));
    }
    return {std::move(text), std::move(*object)};
}

std::string address(const json::Object& metadata, const std::string& issuer,
                    const std::string& member) {
    const auto url = metadata.string(member);
    if (!url) throw Failed("the discovery document has no " + member);
    const bool secure = url->starts_with("https://");
    if (!secure && (issuer.starts_with("https://") || !url->starts_with("http://"))) {
        throw Failed(member + " is not as safe as the issuer: " + *url);
    }
    if (!is_one_word(*url)) throw Failed(member + " is no URL");
    return *url;
}

/// Returns the result of `ask`, or why it failed.
std::variant<std::string, FetchFailure> ask_issuer(const std::function<std::string()>& ask) {
    try {
        return ask();
    } catch (const Failed& failed) {
        return FetchFailure{failed.what()};
    }
}

}  // namespace

std::variant<std::string, FetchFailure> fetch_jwks(const std::string& issuer,
                                                   const CaFile& ca_file) {
    return ask_issuer([&] {
        return get(address(get_metadata(issuer, ca_file).object, issuer, "jwks_uri"), ca_file);
    });
}

std::variant<std::string, FetchFailure> fetch_token_endpoint(const std::string& issuer,
                                                             const CaFile& ca_file) {
    return ask_issuer(
        [&] { return address(get_metadata(issuer, ca_file).object, issuer, "token_endpoint"); });
}

std::variant<std::string, FetchFailure> fetch_metadata(const std::string& issuer,
                                                       const CaFile& ca_file) {
    return ask_issuer([&] { return get_metadata(issuer, ca_file).text; });
}

std::variant<LoginEndpoints, FetchFailure> read_login_endpoints(const std::string& metadata,
                                                                const std::string& issuer) {
    const auto object = json::Object::parse(metadata);
    if (!object) return FetchFailure{"the discovery document is not a JSON object"};
    try {
        LoginEndpoints endpoints;
        endpoints.authorization = address(*object, issuer, "authorization_endpoint");
        endpoints.token = address(*object, issuer, "token_endpoint");
        if (object->has("end_session_endpoint")) {
            endpoints.end_session = address(*object, issuer, "end_session_endpoint");
        }
        // Both methods are supported unless the document says otherwise (Discovery 1.0, section 3).
        const auto methods = object->strings("token_endpoint_auth_methods_supported");
        endpoints.takes_basic =
            !methods || std::ranges::find(*methods, "client_secret_basic") != methods->end();
        endpoints.names_itself =
            object->boolean("authorization_response_iss_parameter_supported") == true;
        return endpoints;
    } catch (const Failed& failed) {
        return FetchFailure{failed.what()};
    }
}

}  // namespace coredepot::auth
