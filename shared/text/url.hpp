#pragma once

#include <string>
#include <string_view>

namespace coredepot {

/// Whether `text` is an http:// or https:// URL with something behind that, and without spaces.
bool is_http_url(std::string_view text);

/// Whether it is one that means the same between double quotes of sh and PowerShell, and outside of
/// them but for `?`: of the characters that a URL may have (RFC 3986, section 2) only letters,
/// digits and `-._~:/?[]=%+,`.
bool is_quotable_url(std::string_view text);

/// `text` as part of a URL or of a form, whatever bytes it has: what is unreserved (RFC 3986,
/// section 2.3) or in `plain` stays, and the rest becomes `%41`.
std::string percent_encoded(std::string_view text, std::string_view plain = "");

/// Scheme, host and port of an http:// or https:// URL as a browser writes them in Origin (RFC
/// 6454, section 6.2): in lower case, without the scheme's own port. Empty when `url` is none.
std::string origin_of(std::string_view url);

/// Whether it is `smtp://` or `smtps://`, a host, and maybe a port: no user, and no path.
bool is_mail_server_url(std::string_view text);

}  // namespace coredepot
