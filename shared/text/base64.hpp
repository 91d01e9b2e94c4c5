#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// RFC 4648, section 4, with padding.
std::string encode_base64(std::string_view bytes);
/// Empty when `text` is not that of some bytes.
std::optional<std::string> decode_base64(std::string_view text);

/// RFC 4648, section 5, without padding: what JOSE is written in.
std::string encode_base64url(std::string_view bytes);
/// Empty when `text` is not the one canonical form of some bytes.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace coredepot
