#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// `StoreProhibitedCause` (Xtensa EXCCAUSE), `Store/AMO access fault` (RISC-V mcause); `unknown`
/// for numbers that no manual lists.
std::string exception_name(Architecture architecture, std::uint32_t cause);

/// What the exception means, for people: `a store to an address that cannot be written`; empty: the
/// name says it all.
std::string exception_meaning(Architecture architecture, std::uint32_t cause);

/// What happened, in the words that all CPUs have in common (report/kind_names.hpp).
std::string_view exception_kind(Architecture architecture, std::uint32_t cause);

/// Whether the address register (EXCVADDR, mtval) holds an address of memory for this cause.
bool has_fault_address(Architecture architecture, std::uint32_t cause);

}  // namespace coredepot::decoder
