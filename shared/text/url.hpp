#pragma once

#include <string_view>

namespace coredepot {

/// Whether `text` is an http:// or https:// URL with something behind that, and without spaces.
bool is_http_url(std::string_view text);

/// Whether libpq takes `text` for a connection URI, with user, password, hosts and ports where they
/// were meant: what it cannot read it repeats in its errors, password and all. So a special
/// character in a password (`/`, `@`, `%`) has to be percent-encoded.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
bool is_postgresql_url(std::string_view text);

/// Whether it is one that means the same between double quotes of sh and PowerShell, and outside of
/// them but for `?`: of the characters that a URL may have (RFC 3986, section 2) only letters,
/// digits and `-._~:/?[]=%+,`.
bool is_quotable_url(std::string_view text);

}  // namespace coredepot
