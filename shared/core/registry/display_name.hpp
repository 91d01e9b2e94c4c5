#pragma once

#include <string>

namespace coredepot::core {

/// Checks a name that people gave a device or a model: 1 to 255 characters of UTF-8 without NUL
/// (which no text column holds). `member` is what the client calls it. Throws ValidationFailed.
void require_display_name(const std::string& name, const std::string& member);

}  // namespace coredepot::core
