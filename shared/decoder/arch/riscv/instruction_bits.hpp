#pragma once

#include <cstdint>

#include "decoder/arch/riscv/registers.hpp"
#include "decoder/bytes/sign_extended.hpp"

namespace coredepot::decoder {

constexpr auto kRa = static_cast<std::uint32_t>(kRiscvReturn);
constexpr auto kSp = static_cast<std::uint32_t>(kRiscvStack);

/// Bits `high` to `low` of `value`, at the bottom.
constexpr std::uint32_t bits(std::uint32_t value, unsigned high, unsigned low) {
    return (value >> low) & ((2U << (high - low)) - 1);
}

/// What an instruction adds whose `width` bits for that are `value`: a signed number, and so modulo
/// 2^32.
constexpr std::uint32_t immediate(std::uint32_t value, unsigned width) {
    return static_cast<std::uint32_t>(sign_extended(value, width));
}

}  // namespace coredepot::decoder
