#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

/// The ranges that we answer ourselves (RFC 9110, section 14): a single, small one. The web server
/// answers all others.
namespace coredepot::http {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t length = 0;  ///< at least 1
};

/// Reads the header `Range` for a file of `size` bytes: `bytes=0-4095`, `bytes=4096-` or
/// `bytes=-512`, cut off at the end of the file. Empty for anything else, such as several ranges,
/// or a range outside the file.
std::optional<ByteRange> single_range(std::string_view header, std::uint64_t size);

/// The range that a request asks for, of a file with this tag and size, if it has at most `longest`
/// bytes. If If-Range has another tag or a time, the request is for the whole file.
std::optional<ByteRange> requested_range(const Request& request, std::string_view etag,
                                         std::uint64_t size, std::uint64_t longest);

/// Makes a 206 with `bytes`, which are this range of a file of `size` bytes. It gets the same
/// headers as the whole file.
Response partial_content(const FileResponse& file, const ByteRange& range, std::uint64_t size,
                         std::string bytes);

}  // namespace coredepot::http
