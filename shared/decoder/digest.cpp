#include "decoder/digest.hpp"

#include <stdexcept>

#include <openssl/evp.h>
#include <zlib.h>

namespace coredepot::decoder {

std::array<std::byte, kSha256Bytes> sha256(std::span<const std::byte> bytes) {
    std::array<std::byte, kSha256Bytes> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                   nullptr, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error{"OpenSSL cannot compute SHA-256"};
    }
    return digest;
}

std::uint32_t crc32(std::span<const std::byte> bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

}  // namespace coredepot::decoder
