#pragma once

#include <cstdint>
#include <string>

#include "decoder/chip.hpp"

namespace coredepot::decoder {

/// `StoreProhibitedCause` (Xtensa EXCCAUSE), `Store/AMO access fault` (RISC-V mcause); `unknown`
/// for numbers that no manual lists.
std::string exception_name(Architecture architecture, std::uint32_t cause);

}  // namespace coredepot::decoder
