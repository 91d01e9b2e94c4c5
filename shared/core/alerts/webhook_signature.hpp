#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::core {

/// The key in `whsec_…`; empty when it is none.
std::optional<std::string> signing_key(std::string_view secret);

/// `v1,…`: what the header webhook-signature says of a message
/// (https://www.standardwebhooks.com). `timestamp`: seconds since 1970, as webhook-timestamp says.
std::string webhook_signature(std::string_view key, std::string_view id, std::string_view timestamp,
                              std::string_view body);

}  // namespace coredepot::core
