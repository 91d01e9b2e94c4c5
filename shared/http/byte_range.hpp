#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

/// Ranges that are answered here (RFC 9110, section 14): one at a time, and small. For all others
/// the web server knows what to answer.
namespace coredepot::http {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t length = 0;  ///< at least 1
};

/// What the header `Range` asks for of a file of `size` bytes: `bytes=0-4095`, `bytes=4096-` or
/// `bytes=-512`, cut off where the file ends. Empty for anything else, such as several ranges, or
/// one that the file does not have.
std::optional<ByteRange> single_range(std::string_view header, std::uint64_t size);

/// What a request asks for of a file with this tag and size, if it is a range of at most `longest`
/// bytes. A request with another tag in If-Range, or with a time, asks for the whole file.
std::optional<ByteRange> requested_range(const Request& request, std::string_view etag,
                                         std::uint64_t size, std::uint64_t longest);

/// 206 with `bytes`, which are this range of a file of `size` bytes, with the headers that the file
/// has as a whole.
Response partial_content(const FileResponse& file, const ByteRange& range, std::uint64_t size,
                         std::string bytes);

}  // namespace coredepot::http
