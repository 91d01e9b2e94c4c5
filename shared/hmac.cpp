#include "hmac.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

namespace coredepot {

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    std::size_t length = 0;
    const auto* made = EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(),
                                 key.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                 bytes.size(), code.data(), code.size(), &length);
    if (made == nullptr) throw std::runtime_error("HMAC is not available");
    return {reinterpret_cast<const char*>(code.data()), length};
}

}  // namespace coredepot
