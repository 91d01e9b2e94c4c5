#pragma once

#include <optional>
#include <string>

namespace coredepot::auth {

/// Whether one of our own pages made a request that came with a cookie. Browsers send cookies even
/// when another site's page makes the request. `fetch_site` (Sec-Fetch-Site) and `origin` are
/// unchanged headers, which scripts cannot set. `site` is our own origin. Except for GET and HEAD,
/// browsers send at least one of the headers; a request with neither is refused.
bool is_same_origin(const std::optional<std::string>& fetch_site,
                    const std::optional<std::string>& origin, const std::string& site);

/// Whether a request with this method may change something (RFC 9110, section 9.2.1).
bool changes_something(const std::string& method);

}  // namespace coredepot::auth
