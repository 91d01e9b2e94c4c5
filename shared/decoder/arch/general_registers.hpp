#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace coredepot::decoder {

constexpr std::size_t kGeneralRegisters = 32;

/// A CPU's general registers by their DWARF numbers: Xtensa a0-a15 (of the current register
/// window), RISC-V x0-x31. Empty when unknown.
using GeneralRegisters = std::array<std::optional<std::uint32_t>, kGeneralRegisters>;

}  // namespace coredepot::decoder
