#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// The bytes of a core dump in the log of a serial port, as ESP-IDF's UART target prints it.
///
/// The device encodes each of its writes by itself, 48 bytes a line, so padding (`=`) ends many
/// lines in the middle of the dump: base64 is decoded line by line. Where the log has a `CORE DUMP
/// START` line, only what follows it, up to `CORE DUMP END`, is looked at, and if no line of it is
/// base64, what a terminal program put before that line (the time) is taken off every line. Lines
/// that are not base64 (log lines in between, carriage returns) are skipped. The result is empty
/// when no line is base64.
std::vector<std::byte> decode_base64_log(std::string_view log);

}  // namespace coredepot::decoder
