#include "http/dump_body.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/errors.hpp"
#include "domain/coredump.hpp"
#include "gzip.hpp"
#include "http/multipart.hpp"
#include "text/ascii.hpp"

namespace coredepot::http {
namespace {

/// In lower case: the names of codings ignore case (RFC 9110, section 8.4.1).
std::string coding_of(const Request& request) {
    auto coding = ascii_lower(request.content_encoding);
    return coding == "identity" ? "" : coding;
}

core::ValidationFailed too_large() {
    return core::ValidationFailed("Coredump exceeds maximum size of 1MB");
}

std::string unpacked(std::string_view packed, std::uint64_t limit) {
    auto outcome = gunzip(packed, limit);
    if (auto* bytes = std::get_if<std::string>(&outcome)) return std::move(*bytes);
    if (std::get<GzipFault>(outcome) == GzipFault::TooLarge) throw too_large();
    throw core::ValidationFailed("The body is not the gzip that its Content-Encoding says");
}

}  // namespace

void require_plain_body(const Request& request) {
    if (coding_of(request).empty()) return;
    throw UnsupportedCoding("The body has a Content-Encoding; send it without", "identity");
}

std::string read_dump(const Request& request) {
    const auto coding = coding_of(request);
    const bool packed = coding == "gzip" || coding == "x-gzip";
    if (!packed && !coding.empty()) {
        throw UnsupportedCoding(
            "The core dump has a Content-Encoding that is not known; send it as it is, or with "
            "gzip",
            "gzip, identity");
    }
    const bool is_form = is_multipart(request.content_type);
    const auto limit = kMaxCoredumpBytes + (is_form ? kMostAroundFile : 0);
    auto body = request.body.read(limit);
    if (!body) throw too_large();
    if (packed && !body->empty()) body = unpacked(*body, limit);
    if (!is_form || body->empty()) return std::move(*body);

    if (const auto file = multipart_file(request.content_type, *body)) {
        body = std::string(*file);
    } else if (begins_with_boundary(request.content_type, *body)) {
        // Some clients set the header but send the bare bytes.
        throw core::ValidationFailed("The multipart body is cut off, or has no parts");
    }
    if (body->size() > kMaxCoredumpBytes) throw too_large();
    return std::move(*body);
}

}  // namespace coredepot::http
