#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::auth {

/// The name of the cookie that holds a session, or with a suffix what belongs to it. Over TLS
/// browsers take a `__Host-` cookie only from this very host, without a Domain and for all paths
/// (RFC 6265bis, section 4.1.3.2); so nobody beside us can plant one. Without TLS there is no such
/// name.
std::string cookie_name(bool secure, std::string_view suffix = "");

/// The value of a cookie in a request's Cookie header; empty when it is not there, or there twice:
/// then somebody beside us has planted one.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

/// The names in a Cookie header that begin with `prefix`.
std::vector<std::string> cookie_names(std::string_view header, std::string_view prefix);

/// A Set-Cookie header's value: for our own pages and requests, hidden from scripts. `value` is
/// base64url and dots.
std::string set_cookie(bool secure, std::string_view name, std::string_view value,
                       std::chrono::seconds max_age);
/// The same, for the browser to forget it.
std::string forget_cookie(bool secure, std::string_view name);

}  // namespace coredepot::auth
