#include "auth/bearer_token.hpp"

#include <algorithm>

#include "auth/identity.hpp"
#include "text/ascii.hpp"

namespace coredepot::auth {
namespace {

constexpr std::string_view kScheme = "bearer";

/// Case does not matter (RFC 7235, section 2.1).
bool is_bearer(std::string_view scheme) {
    return equal_ignoring_case(scheme, kScheme);
}

/// A compact JWS consists of base64url and dots.
bool is_token_character(char c) {
    return is_base64url_digit(c) || c == '.';
}

}  // namespace

std::optional<std::string_view> bearer_token(const std::optional<std::string>& authorization) {
    if (!authorization) return std::nullopt;
    std::string_view text = *authorization;
    const auto end = std::min(text.find(' '), text.size());
    if (!is_bearer(text.substr(0, end))) return std::nullopt;
    text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
    if (text.empty()) throw InvalidToken("Bearer without a token");
    if (text.size() > kMaxTokenBytes) throw InvalidToken("the token is longer than 16 KiB");
    if (!std::ranges::all_of(text, is_token_character)) {
        throw InvalidToken("the Authorization header does not hold one token");
    }
    return text;
}

}  // namespace coredepot::auth
