#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/types.h>

/// Signatures and keys, with OpenSSL. We do not use a JOSE library: Jwt judges what a token says
/// before any signature is checked, so all that remains is to build a key from numbers and to check
/// one signature. We once used cjose for that. It took a single text, read the header again and
/// followed it, and it had assertions on text that is not base64url, so one letter from a client
/// could have ended the process. Guarding against that took as much code as this.
namespace coredepot::auth {

/// The algorithms that a token may be signed with. Verification takes no others, so nobody can ask
/// for `none`, or for a MAC with a public key as its secret.
enum class Algorithm { RS256, RS384, RS512, ES256 };

/// Finds it by its name in RFC 7518; empty for all others.
std::optional<Algorithm> parse_algorithm(std::string_view name);

/// A public key, ready to check signatures.
class PublicKey {
  public:
    /// From modulus and exponent of a JWK, decoded: big-endian. Empty when they are not a valid
    /// key, or when it has less than 2048 bits (RFC 7518, section 3.3) or more than 8192.
    static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
    /// From coordinates of 32 bytes each. Empty when they are not a point of P-256.
    static std::optional<PublicKey> p256(std::string_view x, std::string_view y);

    /// Whether this kind of key makes this kind of signature.
    bool fits(Algorithm algorithm) const;
    /// Whether `signature`, in the form of RFC 7518, was made of `text` with this key's private
    /// half. False when the algorithm does not fit.
    bool verifies(Algorithm algorithm, std::string_view text, std::string_view signature) const;

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const;
    };
    enum class Type { Rsa, P256 };
    /// Empty when OpenSSL cannot make a key of `parameters`.
    static std::optional<PublicKey> make(Type type, OSSL_PARAM* parameters);
    PublicKey(Type type, EVP_PKEY* key) : type_(type), key_(key) {}

    Type type_;
    std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace coredepot::auth
