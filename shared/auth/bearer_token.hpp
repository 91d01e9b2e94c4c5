#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coredepot::auth {

/// Longer ones are refused unread; one with a hundred roles has four kilobytes.
constexpr std::size_t kMaxTokenBytes = 16'384;

/// The token of an Authorization header; empty when there is none: no header, or another scheme.
/// Throws InvalidToken when what follows `Bearer` cannot be one, such as two headers that a web
/// server made one of.
std::optional<std::string_view> bearer_token(const std::optional<std::string>& authorization);

}  // namespace coredepot::auth
