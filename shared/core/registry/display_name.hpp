#pragma once

#include <string>

namespace coredepot::core {

/// Checks a name that a person gave to a device or a model: 1 to 255 characters of UTF-8 without
/// NUL (which text columns cannot hold). `member` is its name in the request. Throws
/// ValidationFailed.
void require_display_name(const std::string& name, const std::string& member);

}  // namespace coredepot::core
