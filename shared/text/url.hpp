#pragma once

#include <string_view>

namespace coredepot {

/// Whether `text` is an http:// or https:// URL with something behind that, and without spaces.
bool is_http_url(std::string_view text);

/// Whether it is one that means the same between double quotes of sh and PowerShell, and outside of
/// them but for `?`: of the characters that a URL may have (RFC 3986, section 2) only letters,
/// digits and `-._~:/?[]=%+,`.
bool is_quotable_url(std::string_view text);

}  // namespace coredepot
