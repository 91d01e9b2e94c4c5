#pragma once

#include <string>
#include <string_view>

namespace coredepot {

/// Each byte as two lower-case digits.
std::string to_hex(std::string_view bytes);

}  // namespace coredepot
