#pragma once

#include <string>
#include <string_view>

#include "http/response.hpp"

namespace coredepot::http {

/// Whether an If-None-Match header (a list of tags, or `*`) names `etag`. Weak comparison, as
/// RFC 9110 section 13.1.2 asks: `W/"x"` matches `"x"`.
bool matches_etag(std::string_view if_none_match, std::string_view etag);

/// 304
Response not_modified(const std::string& etag);

}  // namespace coredepot::http
