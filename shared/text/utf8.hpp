#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coredepot {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);
/// Whether PostgreSQL can store it: UTF-8 without NUL.
bool is_storable(std::string_view text);

/// How many characters `text` has, which is UTF-8.
std::size_t character_count(std::string_view text);

/// Replaces each byte that is not part of well-formed UTF-8 by U+FFFD.
std::string to_utf8(std::string_view text);

/// `text` as well-formed UTF-8 that looks on a terminal and a page as it is. `mask` replaces
/// control characters (C0, DEL, C1), line and paragraph separators (U+2028, U+2029), and characters
/// that change the direction of text (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069),
/// because with those people read something else than is there. Call this for bytes from outside
/// before you put them among our own words.
std::string to_visible(std::string_view text, char mask);

}  // namespace coredepot
