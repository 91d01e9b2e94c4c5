#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// The bytes of each core dump in the log of a serial port, as ESP-IDF's UART target prints it.
///
/// The device encodes each of its writes by itself, 48 bytes a line, so padding (`=`) ends many
/// lines in the middle of the dump: base64 is decoded line by line. Where the log has `CORE DUMP
/// START` lines, only what follows one, up to `CORE DUMP END` or the next (the device was reset
/// while it printed), is looked at, and if no line of it is base64, what a terminal program put
/// before that line (the time) is taken off every line. Lines that are not base64 (log lines in
/// between, carriage returns) are skipped; where there is no START, so are those in front that are
/// shorter than a header, which may be words. At least one; it is empty when no line is base64.
std::vector<std::vector<std::byte>> decode_base64_log(std::string_view log);

/// Whether a log has the line that begins a core dump.
bool has_core_dump_marker(std::string_view log);

/// Whether a line ends one.
bool ends_core_dump(std::string_view line);

bool is_base64_digit(char c);

/// Appends what `digits`, without padding, stand for.
void append_base64(std::string_view digits, std::vector<std::byte>& bytes);

}  // namespace coredepot::decoder
