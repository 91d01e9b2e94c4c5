#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/jws.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// The issuer's keys for signing tokens.
class KeySet {
  public:
    /// Reads a JWKS (RFC 7517). Leaves out keys that we cannot use: other types and curves, weak
    /// keys, and keys for encryption. An empty set is valid: with it, an issuer revokes all its
    /// keys. Empty when the text is not a JWKS.
    static std::optional<KeySet> parse(std::string_view jwks);

    /// The number of usable keys.
    std::size_t size() const { return keys_.size(); }

    /// Whether there is a key with that name, of any type.
    bool has(const std::string& key_id) const;
    /// Null when no key has that name and fits the algorithm. A token without a key's name may be
    /// signed with the only key of the set. The pointer is valid as long as this object.
    const PublicKey* find(const std::optional<std::string>& key_id, Algorithm algorithm) const;

  private:
    struct Key {
        std::optional<std::string> id;
        std::optional<Algorithm> algorithm;  ///< set when the key is only for this algorithm
        PublicKey key;
    };
    static std::optional<Key> read(const json::Object& jwk);

    std::vector<Key> keys_;
};

}  // namespace coredepot::auth
