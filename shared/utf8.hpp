#pragma once

#include <string>
#include <string_view>

namespace coredepot {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// `text` with U+FFFD in place of each byte that is not part of well-formed UTF-8.
std::string to_utf8(std::string_view text);

}  // namespace coredepot
