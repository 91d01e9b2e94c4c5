#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// Each byte as two lower-case digits.
std::string to_hex(std::string_view bytes);

/// The bytes again; empty when `hex` is not what to_hex() makes.
std::optional<std::string> from_hex(std::string_view hex);

}  // namespace coredepot
