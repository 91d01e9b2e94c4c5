// What anybody may send as a token, and what an issuer may send as its keys.
//
// A line each: the header, the payload, the signature, put together as a token whose base64url is
// good; and the same bytes as they are, as an Authorization header and as a JWKS.

#include <array>

#include "auth/bearer_token.hpp"
#include "auth/claims.hpp"
#include "auth/identity.hpp"
#include "auth/jwt.hpp"
#include "auth/key_set.hpp"
#include "fuzz_input.hpp"
#include "support/token_factory.hpp"

using namespace coredepot;

namespace {

/// Keys whose private halves nobody has: no token is good.
const auth::KeySet& keys() {
    static const auto set = auth::KeySet::parse(
        test::jwks({test::SigningKey::rsa("r").jwk(), test::SigningKey::ec("e").jwk()}));
    return *set;
}

void check(std::string_view token) {
    try {
        const auto jwt = auth::Jwt::parse(token);
        const auto* key = keys().find(jwt.key_id, jwt.algorithm);
        fuzz::require(key == nullptr || !auth::is_signed_with(*key, jwt.algorithm, token));
        const std::chrono::seconds skew(30);
        const auto claims =
            auth::read_claims(jwt.claims, {"i", "a", skew, "scope", "device", true});
        auth::check_times(claims, skew, Timestamp(std::chrono::seconds(1'700'000'000)));
        fuzz::require(jwt.claims.string("iss") == "i" && jwt.claims.number("exp") > 1'699'999'970);
        fuzz::require(!jwt.claims.has("cnf") && claims.without_audience != jwt.claims.has("aud"));
    } catch (const auth::InvalidToken&) {  // NOLINT(bugprone-empty-catch): a verdict
    }
}

std::string_view next_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    auto rest = input;
    const auto header = next_line(rest);
    const auto payload = next_line(rest);
    check(test::base64url(header) + '.' + test::base64url(payload) + '.' + test::base64url(rest));
    try {
        const std::optional<std::string> authorization{input};
        if (const auto token = auth::bearer_token(authorization)) {
            fuzz::require(token->size() <= auth::kMaxTokenBytes);
            check(*token);
        }
    } catch (const auth::InvalidToken&) {  // NOLINT(bugprone-empty-catch): a verdict
    }
    check(input);
    if (const auto set = auth::KeySet::parse(input)) set->find("r", auth::Algorithm::RS256);
    return 0;
}
