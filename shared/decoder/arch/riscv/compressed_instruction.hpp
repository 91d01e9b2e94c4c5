#pragma once

#include <cstdint>

#include "decoder/arch/riscv/instruction.hpp"

namespace coredepot::decoder {

/// Whether an instruction whose first 16 bits are `half` has no more of them.
constexpr bool is_compressed(std::uint32_t half) {
    return (half & 3U) != 3;
}

/// The instruction of 16 bits, `i`, at `address`: C, Zcb, Zcmp and Zcmt.
Instruction decode_compressed(std::uint32_t i, std::uint32_t address);

}  // namespace coredepot::decoder
