#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// The text of a UTF-16 file, as PowerShell's `>` writes them, by its byte order mark or, without
/// one, by the zeros behind its characters: ASCII as it is, anything else as `?`. Empty: it is no
/// such file.
std::optional<std::string> text_of_utf16(std::span<const std::byte> bytes);

/// The text that `bytes` are: UTF-16 or UTF-8 with a byte order mark, or as they are.
std::string text_of(std::span<const std::byte> bytes);

/// `text` without what colours it (ANSI escape sequences).
std::string without_colours(std::string_view text);

/// `text` with real ends of lines where JSON has `\n` and `\r` or, in an array of lines, the next
/// string.
std::string with_real_ends_of_lines(std::string_view text);

/// The bytes of a text that is all hex digits and blanks; empty: it is not.
std::vector<std::byte> decode_hex(std::string_view text);

}  // namespace coredepot::decoder
