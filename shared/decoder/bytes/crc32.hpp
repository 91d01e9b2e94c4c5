#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace coredepot::decoder {

/// CRC-32 as zlib and ESP-IDF's `esp_rom_crc32_le(0, ...)` compute it.
std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
