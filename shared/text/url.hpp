#pragma once

#include <string>
#include <string_view>

namespace coredepot {

/// Whether `text` is an http:// or https:// URL that goes on after the scheme and has no spaces.
bool is_http_url(std::string_view text);

/// Whether `text` is an http:// or https:// URL that sh and PowerShell leave as it is between
/// double quotes, and also without quotes unless it has a `?`. Of the characters that a URL may
/// have (RFC 3986, section 2), only letters, digits and `-._~:/?[]=%+,` are allowed.
bool is_quotable_url(std::string_view text);

/// Encodes any bytes for use in a URL or a form. Unreserved characters (RFC 3986, section 2.3) and
/// those of `plain` stay; the rest becomes `%41`.
std::string percent_encoded(std::string_view text, std::string_view plain = "");

/// The origin of an http:// or https:// URL as browsers write it (RFC 6454, section 6.2): scheme,
/// host and port in lower case, without the scheme's default port. Empty when `url` is not such a
/// URL.
std::string origin_of(std::string_view url);

/// Whether `text` is letters, digits, hyphens and, between others, single dots.
bool is_host_name(std::string_view text);

/// Whether `text` has dots only between other characters.
bool has_good_dots(std::string_view text);

/// Whether `text` is `smtp://` or `smtps://`, a host and perhaps a port, without a user or a path.
bool is_mail_server_url(std::string_view text);

}  // namespace coredepot
