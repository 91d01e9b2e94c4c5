#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/jws.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// The issuer's keys that tokens may be signed with.
class KeySet {
  public:
    /// Of a JWKS (RFC 7517). Keys that are of no use to us are left out: other types and curves,
    /// weak ones, those for encryption. A set of none is one too: it is how an issuer takes all its
    /// keys back. Empty when the text is no JWKS.
    static std::optional<KeySet> parse(std::string_view jwks);

    /// How many of use to us there are.
    std::size_t size() const { return keys_.size(); }

    /// Whether there is a key of that name, whatever its type.
    bool has(const std::string& key_id) const;
    /// Null when no key has that name and fits the algorithm. A token that names none may be signed
    /// with the only key there is. The pointer is good for as long as this object is.
    const PublicKey* find(const std::optional<std::string>& key_id, Algorithm algorithm) const;

  private:
    struct Key {
        std::optional<std::string> id;
        std::optional<Algorithm> algorithm;  ///< the one it is for, when it says so
        PublicKey key;
    };
    static std::optional<Key> read(const json::Object& jwk);

    std::vector<Key> keys_;
};

}  // namespace coredepot::auth
