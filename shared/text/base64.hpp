#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// RFC 4648, section 4, with padding.
std::string encode_base64(std::string_view bytes);
/// Empty when `text` is not the base64 of any bytes.
std::optional<std::string> decode_base64(std::string_view text);

/// RFC 4648, section 5, without padding, as JOSE uses it.
std::string encode_base64url(std::string_view bytes);
/// Empty when `text` is not the canonical form of any bytes.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace coredepot
