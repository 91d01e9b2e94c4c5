#pragma once

#include <string_view>

namespace coredepot::auth {

/// Whether a browser that is sent to `text` stays on our site. It must be a path of this host, and
/// may have a query and a fragment. Browsers must not read a scheme or host into it, so `//x` and
/// `/\x` do not count. Only printable ASCII without quotes and spaces is allowed, as browsers write
/// addresses, so that there is no second line and nothing that they drop (such as the tab in
/// `/<tab>/x`). At most 2,000 characters.
bool is_return_path(std::string_view text);

}  // namespace coredepot::auth
