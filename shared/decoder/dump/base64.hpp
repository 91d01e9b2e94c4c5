#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// A log of a few megabytes has no more dumps than this.
inline constexpr std::size_t kMaxDumps = 64;
/// The digits of the smallest header, 12 bytes, which the device writes first.
inline constexpr std::size_t kHeaderDigits = 16;

/// The bytes of each core dump in a serial port's log, as ESP-IDF's UART target prints it.
///
/// The device encodes each write separately, 48 bytes a line, so padding (`=`) may end lines in the
/// middle of the dump. That is why we decode line by line. If the log has `CORE DUMP START` lines,
/// only the text after each counts, up to `CORE DUMP END` or the next START (the device was reset
/// while it printed). If no line of it is base64, we remove what a terminal program put in front
/// (the time) from every line. Other lines, such as log lines in between, are skipped. Without
/// START, so are lines at the front that are shorter than a header, because they may be words.
/// Returns at least one, which is empty when no line is base64.
std::vector<std::vector<std::byte>> decode_base64_log(std::string_view log);

/// Whether a log has the line that starts a core dump.
bool has_core_dump_marker(std::string_view log);

/// Whether a line ends a core dump.
bool ends_core_dump(std::string_view line);

bool is_base64_digit(char c);

/// Decodes `digits`, which have no padding, and appends the bytes.
void append_base64(std::string_view digits, std::vector<std::byte>& bytes);

}  // namespace coredepot::decoder
