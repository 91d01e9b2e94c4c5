#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

/// Conditional requests for a file (RFC 9110, section 13). Tags include their quotes.
namespace coredepot::http {

/// Whether an If-Match header (a list of tags, or `*`) names `etag`, which is a strong tag. `W/"x"`
/// never matches (section 13.1.1).
bool names_strongly(std::string_view if_match, std::string_view etag);

/// The same for If-None-Match, where `W/"x"` matches `"x"` (section 13.1.2).
bool names_weakly(std::string_view if_none_match, std::string_view etag);

enum class Precondition {
    Met,
    NotModified,  ///< the client already has the file: 304
    Failed,       ///< the client wants another file: 412
};

/// If-Match goes first (section 13.2.2). A client that sends both headers wants only that file, and
/// "not modified" would tell it that this is the one.
Precondition judge(const Request& request, std::string_view etag);

/// Makes a 304.
Response not_modified(const std::string& etag);

}  // namespace coredepot::http
