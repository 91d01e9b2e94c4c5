#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Encryption, by OpenSSL: JSON Web Encryption (RFC 7516) in its compact form, with `dir` and
/// `A256GCM` and nothing else, so that a message never says how it is to be decrypted.
namespace coredepot::auth {

/// What Coredepot encrypts with, for itself.
struct SecretKey {
    static constexpr std::size_t kBytes = 32;
    std::string id;  ///< `kid`
    std::array<std::uint8_t, kBytes> bytes;
};

/// An encrypted message taken apart. Nothing in it is to be believed before it is decrypted.
class Jwe {
  public:
    /// Empty when `message` is not five segments of base64url, or its header is another than
    /// encrypt() writes: another algorithm, no `kid`, or a member that we do not know.
    static std::optional<Jwe> parse(std::string_view message);

    const std::string& key_id() const { return key_id_; }

    /// Empty when it was encrypted with another key or as another `type`, or was changed since.
    std::optional<std::string> decrypt(const SecretKey& key, std::string_view type) const;

  private:
    std::string key_id_;
    std::string type_;
    std::string header_;  ///< as it came: authenticated with the rest
    std::string nonce_;
    std::string ciphertext_;
    std::string tag_;
};

/// `text` for whoever has `key`. `type` (`typ`) says what it is: a message of one type is none of
/// another. Each message has a nonce of its own, drawn at random, which is good for 2^32 messages
/// of one key (NIST SP 800-38D, section 8.3). Throws std::runtime_error when OpenSSL or the
/// kernel's random numbers are not available.
std::string encrypt(const SecretKey& key, std::string_view type, std::string_view text);

}  // namespace coredepot::auth
