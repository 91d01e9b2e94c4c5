#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace coredepot::decoder {

constexpr std::size_t kQuadrupleBytes = 16;

/// A `long double` of RISC-V, an IEEE 754 binary128, as gdb writes it: with enough digits to
/// distinguish it from all others, `0.100000000000000000000000000000000005`. `bytes` has
/// kQuadrupleBytes.
std::string quadruple_text(std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
