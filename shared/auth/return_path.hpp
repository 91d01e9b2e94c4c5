#pragma once

#include <string_view>

namespace coredepot::auth {

/// Whether a browser that is sent to `text` stays with us: a path of this host, with a query and a
/// fragment or without. No scheme and no host, in none of the ways that browsers read them: `//x`,
/// and `/\x`, which they take for the same. Printable ASCII without quotes and spaces, as browsers
/// write addresses, so that there is no second line and nothing that they leave out (a tab in
/// `/<tab>/x`). At most 2,000 characters.
bool is_return_path(std::string_view text);

}  // namespace coredepot::auth
