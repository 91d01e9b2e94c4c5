#include "auth/discovery.hpp"

#include <stdexcept>

#include "json.hpp"
#include "net/http_get.hpp"

namespace coredepot::auth {
namespace {

using CaFile = std::optional<std::filesystem::path>;

/// Inside this file only; what leaves it is a value.
class Failed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A request waits for this: better an answer of 503 than one after nginx has given up.
std::string get(const std::string& url, const CaFile& ca_file) {
    constexpr long kOk = 200;
    constexpr std::uint64_t kMaxBody = 262'144;  // Microsoft's keys, with certificates, have 20 kB
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

/// An address in the issuer's description of itself.
std::string discover(const std::string& issuer, const std::string& member, const CaFile& ca_file) {
    const auto metadata = json::Object::parse(get(discovery_url(issuer), ca_file));
    if (!metadata) throw Failed("the discovery document is not a JSON object");
    const auto name = metadata->string("issuer");
    if (name != issuer) {
        throw Failed("OIDC_ISSUER_URL is " + issuer + ", but the issuer calls itself " +
                     name.value_or("nothing"));
    }
    const auto url = metadata->string(member);
    if (!url) throw Failed("the discovery document has no " + member);
    const bool secure = url->starts_with("https://");
    if (!secure && (issuer.starts_with("https://") || !url->starts_with("http://"))) {
        throw Failed(member + " is not as safe as the issuer: " + *url);
    }
    return *url;
}

}  // namespace

std::variant<std::string, FetchFailure> fetch_jwks(const std::string& issuer,
                                                   const CaFile& ca_file) {
    try {
        return get(discover(issuer, "jwks_uri", ca_file), ca_file);
    } catch (const Failed& failed) {
        return FetchFailure{failed.what()};
    }
}

std::variant<std::string, FetchFailure> fetch_token_endpoint(const std::string& issuer,
                                                             const CaFile& ca_file) {
    try {
        return discover(issuer, "token_endpoint", ca_file);
    } catch (const Failed& failed) {
        return FetchFailure{failed.what()};
    }
}

}  // namespace coredepot::auth
