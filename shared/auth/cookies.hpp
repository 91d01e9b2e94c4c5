#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::auth {

/// The name of the session cookie or, with a suffix, of a related one. Over TLS the name begins
/// with `__Host-`. Browsers accept such a cookie only from this very host, without a Domain and for
/// all paths (RFC 6265bis, section 4.1.3.2), so nobody else can plant one. Without TLS there is no
/// such protection.
std::string cookie_name(bool secure, std::string_view suffix = "");

/// The value of a cookie in a request's Cookie header; empty when it is missing or occurs twice,
/// because then somebody else has planted one.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

/// The names in a Cookie header that start with `prefix`.
std::vector<std::string> cookie_names(std::string_view header, std::string_view prefix);

/// The value of a Set-Cookie header. Only our own pages and requests send the cookie, and scripts
/// cannot read it. `value` must be base64url and dots.
std::string set_cookie(bool secure, std::string_view name, std::string_view value,
                       std::chrono::seconds max_age);
/// The same, to make the browser delete the cookie.
std::string forget_cookie(bool secure, std::string_view name);

}  // namespace coredepot::auth
