#pragma once

#include <optional>
#include <vector>

#include "decoder/dump/core_image.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// What the CPU said of the fault: from the dump's notes, or else from the exception frame on the
/// crashed task's stack. Empty: the dump does not hold it.
std::optional<Exception> find_exception(const CoreImage& image);

/// EPC, EPS and their kin of the crashed task under gdb's names, in the dump's order of the
/// reference tool: `epc1` to `epc7`, then `eps2` to `eps7`.
std::vector<Register> named_special_registers(const CoreImage& image);

}  // namespace coredepot::decoder
