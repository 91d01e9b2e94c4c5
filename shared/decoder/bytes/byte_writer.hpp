#pragma once

#include <cstdint>
#include <string>

namespace coredepot::decoder {

/// Appends little-endian numbers, which ByteReader reads.
inline void add_u16(std::string& bytes, std::uint16_t value) {
    bytes += {static_cast<char>(value & 0xFFU), static_cast<char>(value >> 8U)};
}

inline void add_u32(std::string& bytes, std::uint32_t value) {
    add_u16(bytes, static_cast<std::uint16_t>(value & 0xFFFFU));
    add_u16(bytes, static_cast<std::uint16_t>(value >> 16U));
}

}  // namespace coredepot::decoder
