#include "auth/jws.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace coredepot::auth {
namespace {

constexpr std::array kAlgorithms = {
    std::pair{std::string_view("RS256"), Algorithm::RS256},
    std::pair{std::string_view("RS384"), Algorithm::RS384},
    std::pair{std::string_view("RS512"), Algorithm::RS512},
    std::pair{std::string_view("ES256"), Algorithm::ES256},
};

constexpr std::size_t kP256Bytes = 32;  ///< of a coordinate, and of each half of a signature

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }
};
struct FreeBuilder {
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
};
struct FreeParameters {
    void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};
struct FreeKeyContext {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
struct FreeDigestContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeSignature {
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

/// A failure leaves errors in OpenSSL's queue, which libpq and libcurl use, too.
class CleanErrorQueue {
  public:
    CleanErrorQueue() = default;
    ~CleanErrorQueue() { ERR_clear_error(); }
    CleanErrorQueue(const CleanErrorQueue&) = delete;
    CleanErrorQueue& operator=(const CleanErrorQueue&) = delete;
};

const std::uint8_t* bytes(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// Big-endian.
Number number(std::string_view digits) {
    return Number(BN_bin2bn(bytes(digits), static_cast<int>(digits.size()), nullptr));
}

/// The length of an unsigned big-endian number.
std::size_t bit_length(std::string_view digits) {
    const auto first = digits.find_first_not_of('\0');
    if (first == std::string_view::npos) return 0;
    const auto top = static_cast<unsigned char>(digits[first]);
    return (digits.size() - first - 1) * 8 + static_cast<std::size_t>(std::bit_width(top));
}

const EVP_MD* digest(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::RS384:
            return EVP_sha384();
        case Algorithm::RS512:
            return EVP_sha512();
        case Algorithm::RS256:
        case Algorithm::ES256:
            break;
    }
    return EVP_sha256();
}

/// Converts R and S in a row (RFC 7518, section 3.4) to DER, which OpenSSL reads. Empty unless each
/// has 32 bytes.
std::string to_der(std::string_view signature) {
    if (signature.size() != 2 * kP256Bytes) return "";
    const std::unique_ptr<ECDSA_SIG, FreeSignature> both(ECDSA_SIG_new());
    auto r = number(signature.substr(0, kP256Bytes));
    auto s = number(signature.substr(kP256Bytes));
    if (!both || !r || !s || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return "";
    // The signature owns them now.
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    // Plus two signs and four headers of two bytes.
    std::array<std::uint8_t, 2 * kP256Bytes + 8> der{};
    auto* end = der.data();
    const auto length = i2d_ECDSA_SIG(both.get(), &end);
    if (length <= 0) return "";
    return {reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(length)};
}

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view name) {
    for (const auto& [known, algorithm] : kAlgorithms) {
        if (known == name) return algorithm;
    }
    return std::nullopt;
}

void PublicKey::Free::operator()(EVP_PKEY* key) const {
    EVP_PKEY_free(key);
}

std::optional<PublicKey> PublicKey::make(Type type, OSSL_PARAM* parameters) {
    const std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext> context(
        EVP_PKEY_CTX_new_from_name(nullptr, type == Type::Rsa ? "RSA" : "EC", nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0) {
        return std::nullopt;
    }
    return PublicKey(type, key);
}

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
    constexpr std::size_t kLeastBits = 2048;
    constexpr std::size_t kMostBits = 8192;  // a check with it takes 16 times as long as with 2048
    const auto bits = bit_length(modulus);
    if (bits < kLeastBits || bits > kMostBits) return std::nullopt;
    // With an exponent of 1, every signature would be valid.
    if (bit_length(exponent) < 2 || bit_length(exponent) > 64 || exponent.back() % 2 == 0) {
        return std::nullopt;
    }
    const CleanErrorQueue clean;
    const auto n = number(modulus);
    const auto e = number(exponent);
    const std::unique_ptr<OSSL_PARAM_BLD, FreeBuilder> builder(OSSL_PARAM_BLD_new());
    if (!n || !e || !builder ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return std::nullopt;
    }
    const std::unique_ptr<OSSL_PARAM, FreeParameters> parameters(
        OSSL_PARAM_BLD_to_param(builder.get()));
    return make(Type::Rsa, parameters.get());
}

std::optional<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) {
    if (x.size() != kP256Bytes || y.size() != kP256Bytes) return std::nullopt;
    const CleanErrorQueue clean;
    std::string curve = SN_X9_62_prime256v1;
    // An uncompressed point (SEC 1, section 2.3.3). OpenSSL checks that it is on the curve.
    auto point = '\x04' + std::string(x) + std::string(y);
    std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), curve.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    return make(Type::P256, parameters.data());
}

bool PublicKey::fits(Algorithm algorithm) const {
    return (type_ == Type::P256) == (algorithm == Algorithm::ES256);
}

bool PublicKey::verifies(Algorithm algorithm, std::string_view text,
                         std::string_view signature) const {
    if (!fits(algorithm)) return false;
    const CleanErrorQueue clean;
    std::string der;
    if (type_ == Type::P256) {
        der = to_der(signature);
        signature = der;
    }
    const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context(EVP_MD_CTX_new());
    // RSA with PKCS #1 v1.5 padding is OpenSSL's default and RFC 7518's RS256.
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, digest(algorithm), nullptr, key_.get()) ==
               1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text),
                            text.size()) == 1;
}

}  // namespace coredepot::auth
