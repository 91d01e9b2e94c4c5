#include "auth/jwe.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

#include "auth/random.hpp"
#include "json.hpp"
#include "text/base64.hpp"

namespace coredepot::auth {
namespace {

// RFC 7518, section 5.3.
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

constexpr std::string_view kManagement = "dir";
constexpr std::string_view kEncryption = "A256GCM";

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const std::uint8_t* octets(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* octets(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}
int length(std::string_view text) {
    return static_cast<int>(text.size());
}

std::string header_of(const SecretKey& key, std::string_view type) {
    json::Writer writer;
    writer.begin_object()
        .member("alg", kManagement)
        .member("enc", kEncryption)
        .member("kid", key.id)
        .member("typ", type)
        .end_object();
    return encode_base64url(writer.take());
}

/// Takes the text before the next dot and removes both; empty when there is no dot.
std::optional<std::string_view> next_segment(std::string_view& message) {
    const auto dot = message.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto segment = message.substr(0, dot);
    message.remove_prefix(dot + 1);
    return segment;
}

}  // namespace

std::optional<Jwe> Jwe::parse(std::string_view message) {
    const auto header = next_segment(message);
    const auto key = next_segment(message);
    const auto nonce = next_segment(message);
    const auto ciphertext = next_segment(message);
    // With `dir` there is no encrypted key (RFC 7518, section 4.5).
    if (!ciphertext || !key->empty()) return std::nullopt;
    const auto text = decode_base64url(*header);
    const auto object = text ? json::Object::parse(*text) : std::nullopt;
    constexpr std::size_t kMembers = 4;
    if (!object || object->has_duplicates() || object->names().size() != kMembers ||
        object->string("alg") != kManagement || object->string("enc") != kEncryption) {
        return std::nullopt;
    }
    auto key_id = object->string("kid");
    auto type = object->string("typ");
    auto nonce_bytes = decode_base64url(*nonce);
    auto ciphertext_bytes = decode_base64url(*ciphertext);
    auto tag = decode_base64url(message);
    if (!key_id || !type || !nonce_bytes || nonce_bytes->size() != kNonceBytes ||
        !ciphertext_bytes || !tag || tag->size() != kTagBytes) {
        return std::nullopt;
    }
    Jwe jwe;
    jwe.key_id_ = std::move(*key_id);
    jwe.type_ = std::move(*type);
    jwe.header_ = *header;
    jwe.nonce_ = std::move(*nonce_bytes);
    jwe.ciphertext_ = std::move(*ciphertext_bytes);
    jwe.tag_ = std::move(*tag);
    return jwe;
}

std::optional<std::string> Jwe::decrypt(const SecretKey& key, std::string_view type) const {
    if (key.id != key_id_ || type != type_) return std::nullopt;
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::string text(ciphertext_.size(), '\0');
    std::string tag = tag_;  // OpenSSL wants a writable buffer
    int written = 0;
    int rest = 0;
    const bool is_good =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                           octets(std::string_view(nonce_))) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &written, octets(std::string_view(header_)),
                          length(header_)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), octets(text), &written,
                          octets(std::string_view(ciphertext_)), length(ciphertext_)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, length(tag), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), octets(text) + written, &rest) == 1;
    if (!is_good) return std::nullopt;
    return text;
}

std::string encrypt(const SecretKey& key, std::string_view type, std::string_view text) {
    const auto header = header_of(key, type);
    const auto nonce = random_bytes(kNonceBytes);
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::string ciphertext(text.size(), '\0');
    std::string tag(kTagBytes, '\0');
    int written = 0;
    int rest = 0;
    const bool is_done =
        cipher &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                           octets(std::string_view(nonce))) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &written, octets(std::string_view(header)),
                          length(header)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), octets(ciphertext), &written, octets(text), length(text)) ==
            1 &&
        EVP_EncryptFinal_ex(cipher.get(), octets(ciphertext) + written, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, length(tag), tag.data()) == 1;
    if (!is_done) throw std::runtime_error("AES-256-GCM is not available");
    return header + ".." + encode_base64url(nonce) + '.' + encode_base64url(ciphertext) + '.' +
           encode_base64url(tag);
}

}  // namespace coredepot::auth
