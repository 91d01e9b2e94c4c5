#include "support/token_issuer.hpp"

#include <chrono>

namespace coredepot::test {

TokenIssuer::TokenIssuer() {
    server_.publish(jwks({rsa_.jwk(), ec_.jwk()}));
}

Settings TokenIssuer::settings() const {
    return {{"OIDC_ENABLED", "true"},
            {"OIDC_ISSUER_URL", server_.url()},
            {"OIDC_CLIENT_ID", kAudience},
            {"PARSE_SIDECAR_URL", ""}};
}

std::string TokenIssuer::payload(const Members& changes) const {
    Members members{{"iss", quote(server_.url())},
                    {"aud", quote(kAudience)},
                    {"iat", epoch_seconds()},
                    {"exp", epoch_seconds(3600)},
                    {"azp", quote("somebody")}};
    for (const auto& [name, value] : changes) members[name] = value;
    return to_json(members);
}

std::string TokenIssuer::token(const Members& changes) const {
    return signed_token(rsa_, "RS256", payload(changes));
}

std::string TokenIssuer::device(const std::string& model_code, const std::string& key) const {
    return token({{"azp", quote("iotdevice-" + model_code + '-' + key)}});
}

std::string TokenIssuer::role(const std::string& name) const {
    return token({{"realm_access", R"({"roles": [")" + name + "\"]}"}});
}

std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token;
}

std::string epoch_seconds(std::int64_t later) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count() + later);
}

}  // namespace coredepot::test
