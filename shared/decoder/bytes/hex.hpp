#pragma once

#include <cstdint>
#include <string>

namespace coredepot::decoder {

/// `0x1d`, as gdb prints a register.
std::string hex(std::uint64_t value);

/// `0x0000001d`, as gdb prints an address.
std::string hex_address(std::uint32_t value);

}  // namespace coredepot::decoder
