#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace coredepot::decoder {

constexpr std::size_t kSha256Bytes = 32;

std::array<std::byte, kSha256Bytes> sha256(std::span<const std::byte> bytes);

/// CRC-32 as zlib and ESP-IDF's `esp_rom_crc32_le(0, ...)` compute it.
std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
