#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Encryption with OpenSSL: JSON Web Encryption (RFC 7516) in its compact form. It supports only
/// `dir` with `A256GCM`, so a message never decides how it is decrypted.
namespace coredepot::auth {

/// A key with which Coredepot encrypts for itself.
struct SecretKey {
    static constexpr std::size_t kBytes = 32;
    std::string id;  ///< `kid`
    std::array<std::uint8_t, kBytes> bytes;
};

/// The parts of an encrypted message. Do not trust any of them before decryption.
class Jwe {
  public:
    /// Empty when `message` is not five segments of base64url, or when encrypt() would not write
    /// its header: with another algorithm, without `kid`, or with an unknown member.
    static std::optional<Jwe> parse(std::string_view message);

    const std::string& key_id() const { return key_id_; }

    /// Empty when it was encrypted with another key or as another `type`, or was changed since.
    std::optional<std::string> decrypt(const SecretKey& key, std::string_view type) const;

  private:
    std::string key_id_;
    std::string type_;
    std::string header_;  ///< unchanged: it is authenticated with the rest
    std::string nonce_;
    std::string ciphertext_;
    std::string tag_;
};

/// Encrypts `text` for whoever has `key`. `type` (`typ`) says what the message is: a message of one
/// type is never accepted as another. Each message has its own random nonce, which is safe for 2^32
/// messages per key (NIST SP 800-38D, section 8.3). Throws std::runtime_error when OpenSSL fails or
/// the kernel has no random numbers.
std::string encrypt(const SecretKey& key, std::string_view type, std::string_view text);

}  // namespace coredepot::auth
