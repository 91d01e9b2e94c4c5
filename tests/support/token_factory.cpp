#include "support/token_factory.hpp"

#include <array>
#include <cctype>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

namespace coredepot::test {
namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const std::uint8_t* bytes(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::string to_text(const std::vector<std::uint8_t>& data) {
    return {data.begin(), data.end()};
}

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

const EVP_MD* digest_of(std::string_view algorithm) {
    if (algorithm.ends_with("384")) return EVP_sha384();
    if (algorithm.ends_with("512")) return EVP_sha512();
    return EVP_sha256();
}

std::string big_endian(const BIGNUM* number, std::size_t length) {
    std::vector<std::uint8_t> result(length);
    require(BN_bn2binpad(number, result.data(), static_cast<int>(length)) >= 0, "number too long");
    return to_text(result);
}

std::string parameter(EVP_PKEY* key, const char* name, std::size_t length = 0) {
    BIGNUM* raw = nullptr;
    require(EVP_PKEY_get_bn_param(key, name, &raw) == 1, name);
    const Owned<BIGNUM> number(raw);
    const auto least = static_cast<std::size_t>(BN_num_bytes(raw));
    return base64url(big_endian(raw, length == 0 ? least : length));
}

}  // namespace

std::string base64url(std::string_view data) {
    std::vector<std::uint8_t> encoded(data.size() * 4 / 3 + 5);
    const int length = EVP_EncodeBlock(encoded.data(), bytes(data), static_cast<int>(data.size()));
    std::string text(encoded.begin(), encoded.begin() + length);
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

struct SigningKey::Impl {
    Owned<EVP_PKEY> key;
    const char* curve;  ///< null for RSA
    std::size_t coordinate_bytes = 0;
};

SigningKey SigningKey::rsa(std::string id, unsigned bits) {
    Owned<EVP_PKEY> key(EVP_RSA_gen(bits));
    require(key != nullptr, "no RSA key");
    return {std::move(id), std::make_shared<const Impl>(Impl{std::move(key), nullptr})};
}

SigningKey SigningKey::ec(std::string id, const char* curve) {
    Owned<EVP_PKEY> key(EVP_EC_gen(curve));
    require(key != nullptr, "no EC key");
    const auto coordinate = static_cast<std::size_t>(EVP_PKEY_get_bits(key.get()) + 7) / 8;
    return {std::move(id), std::make_shared<const Impl>(Impl{std::move(key), curve, coordinate})};
}

std::string SigningKey::jwk(const Members& members) const {
    Members result{{"kid", quote(id_)}, {"use", quote("sig")}};
    auto* key = impl_->key.get();
    if (impl_->curve == nullptr) {
        result["kty"] = quote("RSA");
        result["n"] = quote(parameter(key, OSSL_PKEY_PARAM_RSA_N));
        result["e"] = quote(parameter(key, OSSL_PKEY_PARAM_RSA_E));
    } else {
        const auto length = impl_->coordinate_bytes;
        result["kty"] = quote("EC");
        result["crv"] = quote(impl_->curve);
        result["x"] = quote(parameter(key, OSSL_PKEY_PARAM_EC_PUB_X, length));
        result["y"] = quote(parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y, length));
    }
    for (const auto& [name, value] : members) result[name] = value;
    return to_json(result);
}

std::string SigningKey::private_jwk() const {
    auto* key = impl_->key.get();
    if (impl_->curve != nullptr) {
        const auto number = parameter(key, OSSL_PKEY_PARAM_PRIV_KEY, impl_->coordinate_bytes);
        return jwk({{"alg", quote("ES256")}, {"d", quote(number)}});
    }
    Members members{{"alg", quote("RS256")}};
    for (const auto& [name, number] :
         std::map<std::string, const char*>{{"d", OSSL_PKEY_PARAM_RSA_D},
                                            {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                            {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                            {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                            {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                            {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}) {
        members[name] = quote(parameter(key, number));
    }
    return jwk(members);
}

std::string SigningKey::pem() const {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PUBKEY(bio.get(), impl_->key.get()) == 1, "no PEM");
    char* data = nullptr;
    const auto length = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string SigningKey::sign(std::string_view algorithm, std::string_view input) const {
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::size_t length = 0;
    require(EVP_DigestSignInit(context.get(), nullptr, digest_of(algorithm), nullptr,
                               impl_->key.get()) == 1 &&
                EVP_DigestSign(context.get(), nullptr, &length, bytes(input), input.size()) == 1,
            "cannot sign");
    std::vector<std::uint8_t> signature(length);
    require(
        EVP_DigestSign(context.get(), signature.data(), &length, bytes(input), input.size()) == 1,
        "cannot sign");
    signature.resize(length);
    if (impl_->curve == nullptr) return to_text(signature);
    const auto* der = static_cast<const std::uint8_t*>(signature.data());
    const Owned<ECDSA_SIG> pair(d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(length)));
    return big_endian(ECDSA_SIG_get0_r(pair.get()), impl_->coordinate_bytes) +
           big_endian(ECDSA_SIG_get0_s(pair.get()), impl_->coordinate_bytes);
}

const SigningKey& rsa_key() {
    static const auto key = SigningKey::rsa("rsa");
    return key;
}

const SigningKey& ec_key() {
    static const auto key = SigningKey::ec("ec");
    return key;
}

std::string jwks(std::initializer_list<std::string> keys) {
    std::string text;
    for (const auto& key : keys) text += (text.empty() ? "" : ",") + key;
    return "{\"keys\":[" + text + "]}";
}

std::string to_json(const Members& members) {
    std::string text;
    for (const auto& [name, value] : members) {
        if (value.empty()) continue;
        text += (text.empty() ? "" : ",") + quote(name) + ":" + value;
    }
    return "{" + text + "}";
}

std::string quote(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string signed_token(const SigningKey& key, std::string_view algorithm, std::string_view header,
                         std::string_view payload) {
    const auto input = base64url(header) + '.' + base64url(payload);
    return input + '.' + base64url(key.sign(algorithm, input));
}

std::string signed_token(const SigningKey& key, std::string_view algorithm,
                         std::string_view payload) {
    return signed_token(
        key, algorithm,
        to_json({{"alg", quote(algorithm)}, {"kid", quote(key.id())}, {"typ", quote("JWT")}}),
        payload);
}

std::string mac_token(std::string_view secret, std::string_view header, std::string_view payload) {
    const auto input = base64url(header) + '.' + base64url(payload);
    std::vector<std::uint8_t> mac(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes(input), input.size(),
         mac.data(), &length);
    mac.resize(length);
    return input + '.' + base64url(to_text(mac));
}

}  // namespace coredepot::test
