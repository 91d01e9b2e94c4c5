#pragma once

#include <string>
#include <string_view>

namespace coredepot::decoder {

/// The first line of `text`, with `*` for everything that changes between crashes of the same bug:
/// quoted text, numbers, and addresses of memory, IP and MAC. Firmware writes anything into its
/// panics.
std::string constant_part(std::string_view text);

}  // namespace coredepot::decoder
