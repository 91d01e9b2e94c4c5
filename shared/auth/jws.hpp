#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Signatures and keys: all that the JOSE library does for us, and the one place that knows it.
namespace coredepot::auth {

/// The algorithms that a token may be signed with. There is no other way into the verification, so
/// neither `none` nor a MAC with a public key for its secret can be asked for.
enum class Algorithm { RS256, RS384, RS512, ES256 };

/// By its name (RFC 7518); empty when it is none of these.
std::optional<Algorithm> parse_algorithm(std::string_view name);

/// RFC 4648, section 5, without padding and in its one canonical form; empty when `text` is not.
std::optional<std::string> decode_base64url(std::string_view text);

/// A public key that signatures are checked with, ready for use.
class PublicKey {
  public:
    /// Modulus and exponent as in a JWK, decoded: big-endian. Empty when they are no key, or one of
    /// less than 2048 bits (RFC 7518, section 3.3), or of more than 8192.
    static std::optional<PublicKey> rsa(std::string modulus, std::string exponent);
    /// Coordinates of 32 bytes each. Empty when they are no point of P-256.
    static std::optional<PublicKey> p256(std::string x, std::string y);

    /// Whether a signature of this kind can come from this kind of key.
    bool fits(Algorithm algorithm) const;
    /// Whether the compact JWS was signed with this key. It has been through Jwt::parse, and its
    /// algorithm fits: the library goes by the header, and ends the process over some text that is
    /// no JWS.
    bool verifies(std::string_view compact_jws) const;

  private:
    struct Release {
        void operator()(void* key) const;
    };
    enum class Type { Rsa, P256 };
    PublicKey(Type type, void* key) : type_(type), key_(key) {}

    Type type_;
    std::unique_ptr<void, Release> key_;  ///< cjose_jwk_t, whose header stays in the .cpp
};

}  // namespace coredepot::auth
