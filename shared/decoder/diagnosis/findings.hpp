#pragma once

#include <string>
#include <vector>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What an experienced engineer would read off `report`, a sentence each, the most important first:
/// what the exception means and where its address lies, whose stack overflowed, which watchdog
/// fired and who starved whom. `report` has its Crash already.
std::vector<std::string> findings(const Report& report, const ApplicationElf& elf,
                                  const SymbolTable& symbols);

}  // namespace coredepot::decoder
