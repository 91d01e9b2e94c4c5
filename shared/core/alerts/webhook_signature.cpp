#include "core/alerts/webhook_signature.hpp"

#include "hmac.hpp"
#include "text/base64.hpp"

namespace coredepot::core {

std::optional<std::string> signing_key(std::string_view secret) {
    constexpr std::string_view kPrefix = "whsec_";
    if (!secret.starts_with(kPrefix)) return std::nullopt;
    return decode_base64(secret.substr(kPrefix.size()));
}

std::string webhook_signature(std::string_view key, std::string_view id, std::string_view timestamp,
                              std::string_view body) {
    std::string text(id);
    text += '.';
    text += timestamp;
    text += '.';
    text += body;
    return "v1," + encode_base64(hmac_sha256(key, text));
}

}  // namespace coredepot::core
