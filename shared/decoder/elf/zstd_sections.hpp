#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace coredepot::decoder {

/// A copy of the ELF `elf` whose zstd-compressed sections (`gcc -gz=zstd`) are plain ones: not
/// every libelf reads these (Debian 12's does not, Debian 13's does). Empty: `elf` has none, or is
/// no little-endian ELF of 32 bits. The copy has at most `max_bytes`. Throws Undecodable when it
/// would have more, or when a section is damaged.
std::vector<char> without_zstd(std::span<const char> elf, std::uint64_t max_bytes);

}  // namespace coredepot::decoder
