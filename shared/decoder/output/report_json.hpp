#pragma once

#include "decoder/report/report.hpp"
#include "json.hpp"

namespace coredepot::decoder {

/// Writes a report for machines, as members of the object that `writer` has open: `chip`,
/// `signature`, `title`, `crash`, `elf_sha256`, `elf_verified`, `panic_reason`, `exception`,
/// `crashed_task`, `in_interrupt`, `backtrace` (of the crashed task) and `threads` (all tasks).
/// Unknown values are null.
void write_members(json::Writer& writer, const Report& report);

}  // namespace coredepot::decoder
