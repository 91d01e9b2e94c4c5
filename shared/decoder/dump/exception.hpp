#pragma once

#include <optional>
#include <vector>

#include "decoder/dump/core_image.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What the CPU reported about the fault: from the dump's notes, or else from the exception frame
/// on the crashed task's stack. Empty when the dump has neither.
std::optional<Exception> find_exception(const CoreImage& image);

/// The crashed task's EPC, EPS and related registers under gdb's names, in the order of the
/// reference tool: `epc1` to `epc7`, then `eps2` to `eps7`.
std::vector<Register> named_special_registers(const CoreImage& image);

}  // namespace coredepot::decoder
