#pragma once

#include <cstdint>

#include "decoder/arch/riscv/instruction.hpp"

namespace coredepot::decoder {

/// Whether an instruction that starts with the 16 bits `half` has only these.
constexpr bool is_compressed(std::uint32_t half) {
    return (half & 3U) != 3;
}

/// Decodes the 16-bit instruction `i` at `address`: C, Zcb, Zcmp and Zcmt.
Instruction decode_compressed(std::uint32_t i, std::uint32_t address);

}  // namespace coredepot::decoder
