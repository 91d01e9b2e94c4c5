#pragma once

#include <string>
#include <string_view>

namespace coredepot::decoder {

/// The first line of `text` with `*` for what changes from one crash of a bug to the next: what is
/// in quotes, numbers, addresses of memory, of IP and of MAC. Firmware writes into its panics what
/// it likes.
std::string constant_part(std::string_view text);

}  // namespace coredepot::decoder
