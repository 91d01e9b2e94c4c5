#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// The text of a UTF-16 file, such as PowerShell's `>` writes. Recognises it by its byte order mark
/// or, without one, by the zeros after its characters. Keeps ASCII and writes `?` for anything
/// else. Empty: it is not such a file.
std::optional<std::string> text_of_utf16(std::span<const std::byte> bytes);

/// Reads `bytes` as text: UTF-16, UTF-8 with a byte order mark, or the bytes as they are.
std::string text_of(std::span<const std::byte> bytes);

/// `text` without colours (ANSI escape sequences).
std::string without_colours(std::string_view text);

/// `text` with real line ends in place of JSON's `\n` and `\r` or, in an array of lines, between
/// its strings.
std::string with_real_ends_of_lines(std::string_view text);

/// The bytes of a text that consists of hex digits and blanks; empty for any other text.
std::vector<std::byte> decode_hex(std::string_view text);

}  // namespace coredepot::decoder
