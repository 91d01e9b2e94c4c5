#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// RFC 4648, section 4: with padding, without line breaks.
std::string to_base64(std::string_view bytes);
/// Empty when `text` is not that, or not in the one way that to_base64() writes it.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace coredepot
