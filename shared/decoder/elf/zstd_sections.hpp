#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace coredepot::decoder {

/// A copy of the ELF `elf` in which sections packed with zstd (`gcc -gz=zstd`) are plain, because
/// not every libelf can read them (Debian 12's cannot, Debian 13's can). Empty when `elf` has none,
/// or is not a little-endian 32-bit ELF. The copy has at most `max_bytes`. Throws Undecodable when
/// it would have more, or when a section is damaged.
std::vector<char> without_zstd(std::span<const char> elf, std::uint64_t max_bytes);

}  // namespace coredepot::decoder
