#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Classes of characters. They do not depend on the locale: names in HTTP, URLs and files are
/// ASCII.
namespace coredepot {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_lower_letter(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_letter(char c) {
    return is_lower_letter(c) || (c >= 'A' && c <= 'Z');
}
constexpr bool is_letter_or_digit(char c) {
    return is_letter(c) || is_digit(c);
}
/// Letters, digits, `-` and `_` (RFC 4648, section 5).
constexpr bool is_base64url_digit(char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_';
}
/// Space to tilde.
constexpr bool is_printable_ascii(char c) {
    return c >= ' ' && c <= '~';
}

/// Neither spaces nor control characters.
constexpr bool is_one_word(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

/// 0 to 15, or -1 when `c` is not a hexadecimal digit. Both cases count.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}
constexpr bool is_hex_digit(char c) {
    return hex_value(c) >= 0;
}

constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline std::string ascii_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = ascii_lower(c);
    return lower;
}
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

}  // namespace coredepot
