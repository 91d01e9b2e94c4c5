#include "http/byte_range.hpp"

#include <algorithm>
#include <utility>

#include "text/integers.hpp"

namespace coredepot::http {

std::optional<ByteRange> single_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes=";
    if (!header.starts_with(kUnit)) return std::nullopt;
    header.remove_prefix(kUnit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parse_integer<std::uint64_t>(header.substr(0, dash));
    const auto last = parse_integer<std::uint64_t>(header.substr(dash + 1));
    if (dash == 0) {  // the last so many bytes
        if (!last || *last == 0 || size == 0) return std::nullopt;
        const auto length = std::min(*last, size);
        return ByteRange{size - length, length};
    }
    const bool to_the_end = dash + 1 == header.size();
    if (!first || *first >= size || (!last && !to_the_end)) return std::nullopt;
    const auto end = last ? std::min(*last, size - 1) : size - 1;
    if (end < *first || (last && *last < *first)) return std::nullopt;
    return ByteRange{*first, end - *first + 1};
}

std::optional<ByteRange> requested_range(const Request& request, std::string_view etag,
                                         std::uint64_t size, std::uint64_t longest) {
    if (request.method != "GET" || !request.range) return std::nullopt;
    if (request.if_range && *request.if_range != etag) return std::nullopt;
    const auto range = single_range(*request.range, size);
    if (!range || range->length > longest) return std::nullopt;
    return range;
}

Response partial_content(const FileResponse& file, const ByteRange& range, std::uint64_t size,
                         std::string bytes) {
    Response response{206, file_headers(file), std::move(bytes)};
    if (!file.etag.empty()) response.headers.emplace_back("ETag", file.etag);
    response.headers.emplace_back("Content-Range",
                                  "bytes " + std::to_string(range.first) + '-' +
                                      std::to_string(range.first + range.length - 1) + '/' +
                                      std::to_string(size));
    return response;
}

}  // namespace coredepot::http
