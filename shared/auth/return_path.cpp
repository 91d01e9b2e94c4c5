#include "auth/return_path.hpp"

#include <algorithm>

#include "text/ascii.hpp"

namespace coredepot::auth {
namespace {

/// RFC 3986, appendix A, and the other characters that browsers leave unchanged in a query (URL
/// Standard, query percent-encode set), except the backslash, which browsers take for a slash in a
/// path.
bool is_url_character(char c) {
    return is_letter_or_digit(c) ||
           std::string_view("-._~:/?#[]@!$&'()*+,;=%{}|^`").find(c) != std::string_view::npos;
}

}  // namespace

bool is_return_path(std::string_view text) {
    constexpr std::size_t kLongest = 2000;
    return text.starts_with('/') && !text.starts_with("//") && text.size() <= kLongest &&
           std::ranges::all_of(text, is_url_character);
}

}  // namespace coredepot::auth
