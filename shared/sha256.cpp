#include "sha256.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

#include "text/hex.hpp"

namespace coredepot {
namespace {

struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

struct FreeAlgorithm {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};

/// Keeps the algorithm. Given EVP_sha256(), OpenSSL 3 looks up the implementation every time, which
/// takes as long as hashing a token.
const EVP_MD* algorithm() {
    static const std::unique_ptr<EVP_MD, FreeAlgorithm> found(
        EVP_MD_fetch(nullptr, "SHA256", nullptr));
    return found.get();
}

void check(int result) {
    if (result != 1) throw std::runtime_error("SHA-256 is not available");
}

}  // namespace

struct Sha256::Impl {
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
    check(EVP_DigestInit_ex(impl_->context.get(), algorithm(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
    check(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
    std::array<char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    check(EVP_DigestFinal_ex(impl_->context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                             &length));
    return to_hex({digest.data(), length});
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hex();
}

}  // namespace coredepot
