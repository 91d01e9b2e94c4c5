#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coredepot::http {

/// The most that a form may hold around the file: boundaries, the part's head, other fields.
constexpr std::uint64_t kMostAroundFile = 65'536;

/// Whether a Content-Type is `multipart/form-data`.
bool is_multipart(std::string_view content_type);

/// The content of the first part called `field` in a multipart/form-data body (RFC 7578), as a view
/// into `body`. Empty when there is none, or when the body violates its boundary.
std::optional<std::string_view> multipart_field(std::string_view content_type,
                                                std::string_view body, std::string_view field);

/// The same for a file under any name: the first part that has a file name, or the first part if
/// none has.
std::optional<std::string_view> multipart_file(std::string_view content_type,
                                               std::string_view body);

/// Whether a body starts with the boundary of the Content-Type, as multipart/form-data must.
bool begins_with_boundary(std::string_view content_type, std::string_view body);

}  // namespace coredepot::http
