#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coredepot::auth {

/// Longer tokens are refused unread. A token with a hundred roles has four kilobytes.
constexpr std::size_t kMaxTokenBytes = 16'384;

/// The token in an Authorization header; empty when there is no header, or one with another scheme.
/// Throws InvalidToken when the text after `Bearer` cannot be a token, for example when a web
/// server has joined two headers.
std::optional<std::string_view> bearer_token(const std::optional<std::string>& authorization);

}  // namespace coredepot::auth
