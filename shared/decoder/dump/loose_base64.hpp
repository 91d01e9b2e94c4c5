#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace coredepot::decoder {

/// The bytes of each core dump in a text that is not quite what ESP-IDF printed: without padding,
/// in the URL alphabet, all in one line, with colours, with something in front of each line
/// (`level=info msg=`), inside of JSON or of a `data:` URL, behind other words.
///
/// A dump starts where base64 decodes to bytes of which `starts_dump` says so: it is given the
/// first of them, 12 at least. Lines that are not base64 are skipped. Whether what comes out is
/// whole is for the checksum to tell.
std::vector<std::vector<std::byte>> decode_loose_base64(
    std::string_view text, const std::function<bool(std::span<const std::byte>)>& starts_dump);

}  // namespace coredepot::decoder
