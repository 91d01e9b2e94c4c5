#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace coredepot::decoder {

constexpr std::size_t kGeneralRegisters = 32;

/// The general registers of a CPU by their DWARF number: Xtensa a0-a15 (of the register window at
/// hand), RISC-V x0-x31. Empty: not known (any more).
using GeneralRegisters = std::array<std::optional<std::uint32_t>, kGeneralRegisters>;

}  // namespace coredepot::decoder
