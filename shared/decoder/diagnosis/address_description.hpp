#pragma once

#include <cstdint>
#include <string>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// Below this, an address is a null pointer and the offset of a member or an element. Nothing is
/// there on any of the chips.
constexpr std::uint32_t kNullPageEnd = 0x1000;

/// What lies at `address`, as a phrase: `the null page`, `the stack of task 'main'`, `variable
/// zones+12 in .dram0.data`, `internal RAM, in none of the application's sections`. The most
/// telling one wins.
std::string describe_address(std::uint32_t address, const Report& report, const ApplicationElf& elf,
                             const SymbolTable& symbols);

}  // namespace coredepot::decoder
