#pragma once

#include <cstdint>

#include "decoder/arch/riscv/registers.hpp"
#include "decoder/bytes/sign_extended.hpp"

namespace coredepot::decoder {

constexpr auto kRa = static_cast<std::uint32_t>(kRiscvReturn);
constexpr auto kSp = static_cast<std::uint32_t>(kRiscvStack);

/// Bits `high` to `low` of `value`, shifted down.
constexpr std::uint32_t bits(std::uint32_t value, unsigned high, unsigned low) {
    return (value >> low) & ((2U << (high - low)) - 1);
}

/// The immediate in an instruction that is stored as the `width` bits `value`: a signed number,
/// modulo 2^32.
constexpr std::uint32_t immediate(std::uint32_t value, unsigned width) {
    return static_cast<std::uint32_t>(sign_extended(value, width));
}

}  // namespace coredepot::decoder
