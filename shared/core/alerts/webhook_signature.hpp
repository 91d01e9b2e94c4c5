#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot::core {

/// The key in `whsec_…`; empty when there is none.
std::optional<std::string> signing_key(std::string_view secret);

/// The value of the header webhook-signature, `v1,…` (https://www.standardwebhooks.com).
/// `timestamp` is the value of webhook-timestamp: seconds since 1970.
std::string webhook_signature(std::string_view key, std::string_view id, std::string_view timestamp,
                              std::string_view body);

}  // namespace coredepot::core
