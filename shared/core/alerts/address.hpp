#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::core {

/// As much of a target's URL as everybody may see: `https://hooks.example/…`, because what comes
/// after the host is a secret where a chat's webhooks are. Empty when it is no URL that a message
/// can be sent to: of http or https, with a host, without a user, a fragment, spaces or anything
/// else that a URL writes with `%`; of at most 2000 bytes.
std::optional<std::string> shown_url(std::string_view url);

/// Whether mail can be sent to it: `local@domain` of RFC 5322's atoms, which need no quotes, at
/// most 254 bytes. So nothing in it can be a header or a command of its own.
bool is_mail_address(std::string_view address);

/// Whether messages can be signed with it: `whsec_` and 24 to 64 bytes in base64 (Standard
/// Webhooks).
bool is_webhook_secret(std::string_view secret);

}  // namespace coredepot::core
