#include "auth/key_set.hpp"

#include <algorithm>

#include "json.hpp"
#include "text/base64.hpp"

namespace coredepot::auth {
namespace {

/// A member that a key need not have. `good` becomes false when the member is not a string.
std::optional<std::string> optional_string(const json::Object& jwk, const char* name, bool& good) {
    auto value = jwk.string(name);
    if (!value && jwk.has(name)) good = false;
    return value;
}

/// Both members are optional (RFC 7517, sections 4.2 and 4.3).
bool is_for_signatures(const json::Object& jwk) {
    if (jwk.has("use") && jwk.string("use") != "sig") return false;
    if (!jwk.has("key_ops")) return true;
    const auto operations = jwk.strings("key_ops");
    return operations && std::ranges::find(*operations, "verify") != operations->end();
}

std::optional<std::string> number(const json::Object& jwk, const char* name) {
    const auto text = jwk.string(name);
    return text ? decode_base64url(*text) : std::nullopt;
}

std::optional<PublicKey> read_key(const json::Object& jwk) {
    const auto type = jwk.string("kty");
    if (type == "RSA") {
        const auto modulus = number(jwk, "n");
        const auto exponent = number(jwk, "e");
        if (modulus && exponent) return PublicKey::rsa(*modulus, *exponent);
    } else if (type == "EC" && jwk.string("crv") == "P-256") {
        const auto x = number(jwk, "x");
        const auto y = number(jwk, "y");
        if (x && y) return PublicKey::p256(*x, *y);
    }
    return std::nullopt;
}

}  // namespace

std::optional<KeySet::Key> KeySet::read(const json::Object& jwk) {
    bool good = is_for_signatures(jwk);
    auto id = optional_string(jwk, "kid", good);
    const auto name = optional_string(jwk, "alg", good);
    const auto algorithm = name ? parse_algorithm(*name) : std::nullopt;
    if (name && !algorithm) good = false;
    if (!good) return std::nullopt;
    auto key = read_key(jwk);
    if (!key || (algorithm && !key->fits(*algorithm))) return std::nullopt;
    return Key{std::move(id), algorithm, std::move(*key)};
}

std::optional<KeySet> KeySet::parse(std::string_view jwks) {
    constexpr std::size_t kMostKeys = 100;
    const auto object = json::Object::parse(jwks);
    if (!object || object->has_duplicates()) return std::nullopt;
    const auto entries = object->objects("keys");
    if (!entries || entries->size() > kMostKeys) return std::nullopt;
    KeySet set;
    for (const auto& entry : *entries) {
        if (auto key = read(entry)) set.keys_.push_back(std::move(*key));
    }
    return set;
}

bool KeySet::has(const std::string& key_id) const {
    return std::ranges::any_of(keys_, [&](const Key& key) { return key.id == key_id; });
}

const PublicKey* KeySet::find(const std::optional<std::string>& key_id, Algorithm algorithm) const {
    if (!key_id && keys_.size() != 1) return nullptr;
    for (const auto& key : keys_) {
        if (key_id && key.id != key_id) continue;
        if (key.algorithm && *key.algorithm != algorithm) continue;
        if (key.key.fits(algorithm)) return &key.key;
    }
    return nullptr;
}

}  // namespace coredepot::auth
