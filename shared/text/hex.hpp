#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// Each byte as two lower-case digits.
std::string to_hex(std::string_view bytes);

/// Whether `text` has only digits as to_hex() writes them: `0` to `9`, `a` to `f`. True for "".
bool is_lower_hex(std::string_view text);

/// The bytes; empty when to_hex() would not write `hex`.
std::optional<std::string> from_hex(std::string_view hex);

}  // namespace coredepot
