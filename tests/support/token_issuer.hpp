#pragma once

#include <string>

#include "support/fake_issuer.hpp"
#include "support/stack.hpp"
#include "support/token_factory.hpp"

namespace coredepot::test {

/// An issuer with an RSA and an EC key, and the tokens that it gives to those who are known to a
/// stack: an hour long, and made at this moment.
class TokenIssuer {
  public:
    static constexpr const char* kAudience = "coredepot";

    TokenIssuer();

    FakeIssuer& server() { return server_; }
    const SigningKey& rsa() const { return rsa_; }
    const SigningKey& ec() const { return ec_; }

    /// For a stack that is to believe it.
    Settings settings() const;

    /// Good claims, and nothing in them that gives a right; `changes` replace or, when empty,
    /// remove.
    std::string payload(const Members& changes = {}) const;
    /// These claims, signed with the RSA key.
    std::string token(const Members& changes = {}) const;
    std::string device(const std::string& model_code, const std::string& key) const;
    /// With one role of the realm.
    std::string role(const std::string& name) const;

  private:
    FakeIssuer server_;
    SigningKey rsa_ = SigningKey::rsa("rsa");
    SigningKey ec_ = SigningKey::ec("ec");
};

/// A header line.
std::string bearer(const std::string& token);

/// Seconds since 1970, as in a claim; `later` is added.
std::string epoch_seconds(std::int64_t later = 0);

}  // namespace coredepot::test
