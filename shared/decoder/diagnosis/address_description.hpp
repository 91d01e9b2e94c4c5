#pragma once

#include <cstdint>
#include <string>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// An address below this is a null pointer plus the offset of a member or an element. No chip has
/// anything there.
constexpr std::uint32_t kNullPageEnd = 0x1000;

/// A phrase for what is at `address`: `the null page`, `the stack of task 'main'`, `variable
/// zones+12 in .dram0.data`, `internal RAM, in none of the application's sections`. It takes the
/// most telling one.
std::string describe_address(std::uint32_t address, const Report& report, const ApplicationElf& elf,
                             const SymbolTable& symbols);

}  // namespace coredepot::decoder
