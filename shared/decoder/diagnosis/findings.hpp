#pragma once

#include <string>
#include <vector>

#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What an experienced engineer would conclude from `report`, in one sentence each, the most
/// important first: what the exception means and where its address lies, whose stack overflowed,
/// which watchdog fired, and which task starved which. `report` must already have its Crash.
std::vector<std::string> findings(const Report& report, const ApplicationElf& elf,
                                  const SymbolTable& symbols);

}  // namespace coredepot::decoder
