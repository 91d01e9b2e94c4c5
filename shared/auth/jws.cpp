#include "auth/jws.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <cjose/cjose.h>
#include <openssl/err.h>

namespace coredepot::auth {
namespace {

constexpr std::array kAlgorithms = {
    std::pair{std::string_view("RS256"), Algorithm::RS256},
    std::pair{std::string_view("RS384"), Algorithm::RS384},
    std::pair{std::string_view("RS512"), Algorithm::RS512},
    std::pair{std::string_view("ES256"), Algorithm::ES256},
};

struct FreeBuffer {
    void operator()(void* buffer) const { cjose_get_dealloc()(buffer); }
};
struct ReleaseJws {
    void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

/// A failure leaves errors in OpenSSL's queue, and libpq and libcurl look into the same one.
class CleanErrorQueue {
  public:
    CleanErrorQueue() = default;
    ~CleanErrorQueue() { ERR_clear_error(); }
    CleanErrorQueue(const CleanErrorQueue&) = delete;
    CleanErrorQueue& operator=(const CleanErrorQueue&) = delete;
};

const char* chars(const std::uint8_t* bytes) {
    return reinterpret_cast<const char*>(bytes);
}

/// cjose's own type for input that it only reads.
std::uint8_t* bytes(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

std::string encode_base64url(const std::string& text) {
    char* raw = nullptr;
    std::size_t length = 0;
    const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
    if (!cjose_base64url_encode(data, text.size(), &raw, &length, nullptr)) return "";
    const std::unique_ptr<char, FreeBuffer> encoded(raw);
    return {encoded.get(), length};
}

bool is_base64url(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/// Of an unsigned big-endian number.
std::size_t bit_length(std::string_view number) {
    const auto first = number.find_first_not_of('\0');
    if (first == std::string_view::npos) return 0;
    const auto top = static_cast<unsigned char>(number[first]);
    return (number.size() - first - 1) * 8 + static_cast<std::size_t>(std::bit_width(top));
}

const cjose_jwk_t* jwk(const void* key) {
    return static_cast<const cjose_jwk_t*>(key);
}

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view name) {
    for (const auto& [known, algorithm] : kAlgorithms) {
        if (known == name) return algorithm;
    }
    return std::nullopt;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    if (text.empty()) return "";
    // cjose 0.6.2 has assertions where the length or a character cannot be: a client could end the
    // process with one letter.
    if (text.size() % 4 == 1 || !std::ranges::all_of(text, is_base64url)) return std::nullopt;
    std::uint8_t* raw = nullptr;
    std::size_t length = 0;
    if (!cjose_base64url_decode(text.data(), text.size(), &raw, &length, nullptr)) {
        return std::nullopt;
    }
    const std::unique_ptr<std::uint8_t, FreeBuffer> decoded(raw);
    std::string result(chars(decoded.get()), length);
    // It is lenient about left-over bits.
    if (encode_base64url(result) != text) return std::nullopt;
    return result;
}

void PublicKey::Release::operator()(void* key) const {
    cjose_jwk_release(static_cast<cjose_jwk_t*>(key));
}

std::optional<PublicKey> PublicKey::rsa(std::string modulus, std::string exponent) {
    constexpr std::size_t kLeastBits = 2048;
    constexpr std::size_t kMostBits = 8192;  // a check takes 16 times as long as with 2048
    const auto bits = bit_length(modulus);
    if (bits < kLeastBits || bits > kMostBits) return std::nullopt;
    // With an exponent of 1 everything would be signed.
    if (bit_length(exponent) < 2 || bit_length(exponent) > 64 || exponent.back() % 2 == 0) {
        return std::nullopt;
    }
    const CleanErrorQueue clean;
    cjose_jwk_rsa_keyspec spec{};
    spec.n = bytes(modulus);
    spec.nlen = modulus.size();
    spec.e = bytes(exponent);
    spec.elen = exponent.size();
    auto* key = cjose_jwk_create_RSA_spec(&spec, nullptr);
    if (key == nullptr) return std::nullopt;
    return PublicKey(Type::Rsa, key);
}

std::optional<PublicKey> PublicKey::p256(std::string x, std::string y) {
    constexpr std::size_t kCoordinateBytes = 32;
    if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) return std::nullopt;
    const CleanErrorQueue clean;
    cjose_jwk_ec_keyspec spec{};
    spec.crv = CJOSE_JWK_EC_P_256;
    spec.x = bytes(x);
    spec.xlen = x.size();
    spec.y = bytes(y);
    spec.ylen = y.size();
    auto* key = cjose_jwk_create_EC_spec(&spec, nullptr);
    if (key == nullptr) return std::nullopt;
    return PublicKey(Type::P256, key);
}

bool PublicKey::fits(Algorithm algorithm) const {
    return (type_ == Type::P256) == (algorithm == Algorithm::ES256);
}

bool PublicKey::verifies(std::string_view compact_jws) const {
    const CleanErrorQueue clean;
    const std::unique_ptr<cjose_jws_t, ReleaseJws> jws(
        cjose_jws_import(compact_jws.data(), compact_jws.size(), nullptr));
    return jws && cjose_jws_verify(jws.get(), jwk(key_.get()), nullptr);
}

}  // namespace coredepot::auth
