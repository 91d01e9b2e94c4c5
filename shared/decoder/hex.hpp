#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace coredepot::decoder {

/// `0x1d`: as gdb prints a register.
std::string hex(std::uint64_t value);

/// `0x0000001d`: as gdb prints an address.
std::string hex_address(std::uint32_t value);

/// Two lower-case digits a byte, no prefix: as sha256sum prints a digest.
std::string hex_digits(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
