#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// The bytes of each core dump in a text that differs from ESP-IDF's output: without padding, in
/// the URL alphabet, all in one line, with colours, with something in front of each line
/// (`level=info msg=`), inside JSON or a `data:` URL, or after other words.
///
/// A dump starts where base64 decodes to bytes for which `starts_dump` returns true; it gets the
/// first ones, at least 12. Other lines are skipped. The checksum will tell whether the result is
/// complete.
std::vector<std::vector<std::byte>> decode_loose_base64(
    std::string_view text, const std::function<bool(std::span<const std::byte>)>& starts_dump);

}  // namespace coredepot::decoder
