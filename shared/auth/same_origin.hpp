#pragma once

#include <optional>
#include <string>

namespace coredepot::auth {

/// Whether a request that came with a cookie was made by a page of ours: a browser sends cookies
/// with what pages of others make it send, too. `fetch_site` (Sec-Fetch-Site) and `origin` are
/// headers as they came; no script can write either. `site` is our own origin. Browsers send at
/// least one of them with whatever is not a GET or a HEAD; a request with neither is not let in.
bool is_same_origin(const std::optional<std::string>& fetch_site,
                    const std::optional<std::string>& origin, const std::string& site);

/// Whether a request of this method may change something (RFC 9110, section 9.2.1).
bool changes_something(const std::string& method);

}  // namespace coredepot::auth
