#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/jws.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// The parts of a JSON Web Token (RFC 7519). Do not trust any of them before its signature is
/// checked with the issuer's key.
struct Jwt {
    Algorithm algorithm;
    std::optional<std::string> key_id;  ///< `kid`
    json::Object claims;

    /// Throws InvalidToken when the text is not three segments of base64url with JSON, when a
    /// member occurs twice, when the algorithm is not accepted, or when the header asks for
    /// something that we do not do, such as using its own key.
    static Jwt parse(std::string_view token);
};

/// Whether the token was signed with this key's private half.
bool is_signed_with(const PublicKey& key, Algorithm algorithm, std::string_view token);

}  // namespace coredepot::auth
