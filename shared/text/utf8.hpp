#pragma once

#include <string>
#include <string_view>

namespace coredepot {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// `text` with U+FFFD in place of each byte that is not part of well-formed UTF-8.
std::string to_utf8(std::string_view text);

/// `text` as well-formed UTF-8 that a terminal and a page show as it is: `mask` stands in place of
/// each control character (C0, DEL, C1), line and paragraph separator (U+2028, U+2029), and what
/// changes the direction of the text around it (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to
/// U+2069: with these, what is read is not what is there). Outside bytes go through this before
/// they stand among words of ours.
std::string to_visible(std::string_view text, char mask);

}  // namespace coredepot
