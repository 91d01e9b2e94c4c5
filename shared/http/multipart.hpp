#pragma once

#include <optional>
#include <string_view>

namespace coredepot::http {

/// Whether a Content-Type announces `multipart/form-data`.
bool is_multipart(std::string_view content_type);

/// The content of the first part called `field` in a multipart/form-data body (RFC 7578), as a view
/// into `body`. Empty when there is none, or when the body does not keep to its boundary.
std::optional<std::string_view> multipart_field(std::string_view content_type,
                                                std::string_view body, std::string_view field);

/// The same of the part that is a file, whatever it is called: the first one that has a file name,
/// and the first of all where none has.
std::optional<std::string_view> multipart_file(std::string_view content_type,
                                               std::string_view body);

/// Whether a body begins as the Content-Type says that a multipart/form-data body does.
bool begins_with_boundary(std::string_view content_type, std::string_view body);

}  // namespace coredepot::http
