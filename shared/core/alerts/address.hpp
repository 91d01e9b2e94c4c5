#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::core {

/// The part of a target's URL that everybody may see: `https://hooks.example/…`. The part after the
/// host is secret for chats' webhooks. Empty when messages cannot be sent to the URL: it must be
/// http or https, have a host and at most 2000 bytes, and have no user, no fragment, no spaces, and
/// nothing else that a URL writes with `%`.
std::optional<std::string> shown_url(std::string_view url);

/// Whether messages can be signed with it: `whsec_` and 24 to 64 bytes in base64 (Standard
/// Webhooks).
bool is_webhook_secret(std::string_view secret);

}  // namespace coredepot::core
