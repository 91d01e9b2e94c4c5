#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/types.h>

/// Signatures and keys, by OpenSSL. Not by a JOSE library: what a token may say is Jwt's to judge
/// before any signature is looked at, and all that is left is to make a key of numbers and to check
/// one signature. cjose did that here once. It took one text for both, read the header again and
/// went by what that said, and had assertions where text was no base64url, so that a client could
/// have ended the process with one letter; what kept it from that was as long as what follows.
namespace coredepot::auth {

/// The algorithms that a token may be signed with. There is no other way into the verification, so
/// neither `none` nor a MAC with a public key for its secret can be asked for.
enum class Algorithm { RS256, RS384, RS512, ES256 };

/// By its name (RFC 7518); empty when it is none of these.
std::optional<Algorithm> parse_algorithm(std::string_view name);

/// A public key that signatures are checked with, ready for use.
class PublicKey {
  public:
    /// Modulus and exponent as in a JWK, decoded: big-endian. Empty when they are no key, or one of
    /// less than 2048 bits (RFC 7518, section 3.3), or of more than 8192.
    static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
    /// Coordinates of 32 bytes each. Empty when they are no point of P-256.
    static std::optional<PublicKey> p256(std::string_view x, std::string_view y);

    /// Whether a signature of this kind can come from this kind of key.
    bool fits(Algorithm algorithm) const;
    /// Whether `signature`, in the form of RFC 7518, was made of `text` with this key's other half.
    /// False when the algorithm does not fit.
    bool verifies(Algorithm algorithm, std::string_view text, std::string_view signature) const;

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const;
    };
    enum class Type { Rsa, P256 };
    /// Empty when OpenSSL makes no key of `parameters`.
    static std::optional<PublicKey> make(Type type, OSSL_PARAM* parameters);
    PublicKey(Type type, EVP_PKEY* key) : type_(type), key_(key) {}

    Type type_;
    std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace coredepot::auth
