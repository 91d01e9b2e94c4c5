#include "auth/seal.hpp"

#include <stdexcept>

namespace coredepot::auth {

std::string Seal::close(std::string_view type, std::string_view text) {
    const auto* key = keys_.current();
    if (key == nullptr) throw std::runtime_error("there is no session key");
    return encrypt(*key, type, text);
}

std::optional<std::string> Seal::open(std::string_view type, std::string_view sealed) {
    if (sealed.size() > kMostCookieBytes) return std::nullopt;
    const auto message = Jwe::parse(sealed);
    const auto* key = message ? keys_.find(message->key_id()) : nullptr;
    return key == nullptr ? std::nullopt : message->decrypt(*key, type);
}

}  // namespace coredepot::auth
