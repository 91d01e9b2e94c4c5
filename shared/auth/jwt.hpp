#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/jws.hpp"
#include "json.hpp"

namespace coredepot::auth {

/// A JSON Web Token (RFC 7519) taken apart. Nothing in it is to be believed before its signature is
/// checked with the issuer's key.
struct Jwt {
    Algorithm algorithm;
    std::optional<std::string> key_id;  ///< `kid`
    json::Object claims;

    /// Throws InvalidToken: not three segments of base64url, not JSON, members that come twice, an
    /// algorithm that is not accepted, or a header that wants anything that we do not do, such as
    /// bringing its own key.
    static Jwt parse(std::string_view token);
};

/// Whether the token was signed with this key's other half.
bool is_signed_with(const PublicKey& key, Algorithm algorithm, std::string_view token);

}  // namespace coredepot::auth
