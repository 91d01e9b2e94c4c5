#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace coredepot::test {

std::string base64url(std::string_view data);

/// A key pair, drawn when it is made; with OpenSSL, so that tokens come from another hand than the
/// one that checks them.
class SigningKey {
  public:
    static SigningKey rsa(std::string id, unsigned bits = 2048);
    static SigningKey ec(std::string id, const char* curve = "P-256");

    const std::string& id() const { return id_; }
    /// The public half as a JWK. `members` replace what it would have or, when empty, remove it;
    /// they are JSON texts.
    std::string jwk(const std::map<std::string, std::string>& members = {}) const;
    /// Both halves, with the algorithm that it is for: RS256 or ES256.
    std::string private_jwk() const;
    /// The public half as PEM.
    std::string pem() const;
    /// As a JWS has it: for EC keys R and S, whatever the algorithm's name.
    std::string sign(std::string_view algorithm, std::string_view input) const;

  private:
    struct Impl;
    SigningKey(std::string id, std::shared_ptr<const Impl> impl)
        : id_(std::move(id)), impl_(std::move(impl)) {}
    std::string id_;
    std::shared_ptr<const Impl> impl_;
};

/// Two that every test of the program may use, under the names "rsa" and "ec": drawing an RSA key
/// takes long.
const SigningKey& rsa_key();
const SigningKey& ec_key();

/// `{"keys": [...]}`
std::string jwks(std::initializer_list<std::string> keys);

/// The members of a JSON object as JSON texts, such as `{"exp", "17"}`.
using Members = std::map<std::string, std::string>;
std::string to_json(const Members& members);
/// `text` in quotes.
std::string quote(std::string_view text);

/// A compact JWS of these texts, byte for byte.
std::string signed_token(const SigningKey& key, std::string_view algorithm, std::string_view header,
                         std::string_view payload);
/// With the header that an issuer writes: alg, kid, typ.
std::string signed_token(const SigningKey& key, std::string_view algorithm,
                         std::string_view payload);
/// With HMAC-SHA-256.
std::string mac_token(std::string_view secret, std::string_view header, std::string_view payload);

}  // namespace coredepot::test
