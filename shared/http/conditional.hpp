#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

/// Requests for a file on conditions (RFC 9110, section 13). Tags come with their quotes.
namespace coredepot::http {

/// Whether an If-Match header (a list of tags, or `*`) names `etag`, which is strong; `W/"x"` names
/// nothing (section 13.1.1).
bool names_strongly(std::string_view if_match, std::string_view etag);

/// The same of If-None-Match, where `W/"x"` names `"x"` (section 13.1.2).
bool names_weakly(std::string_view if_none_match, std::string_view etag);

enum class Precondition {
    Met,
    NotModified,  ///< the client has the file: 304
    Failed,       ///< it asks for another one: 412
};

/// If-Match goes first (section 13.2.2): who says both wants no other file than that, and an answer
/// of "not modified" would let it believe that this is the one.
Precondition judge(const Request& request, std::string_view etag);

/// 304
Response not_modified(const std::string& etag);

}  // namespace coredepot::http
