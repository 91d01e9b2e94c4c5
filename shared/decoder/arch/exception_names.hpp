#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// `StoreProhibitedCause` (Xtensa EXCCAUSE), `Store/AMO access fault` (RISC-V mcause); `unknown`
/// for numbers that no manual lists.
std::string exception_name(Architecture architecture, std::uint32_t cause);

/// What the exception means to people: `a store to an address that cannot be written`; empty when
/// the name is enough.
std::string exception_meaning(Architecture architecture, std::uint32_t cause);

/// What happened, in the same words for all CPUs (report/kind_names.hpp).
std::string_view exception_kind(Architecture architecture, std::uint32_t cause);

/// Whether the address register (EXCVADDR, mtval) holds a memory address for this cause.
bool has_fault_address(Architecture architecture, std::uint32_t cause);

}  // namespace coredepot::decoder
