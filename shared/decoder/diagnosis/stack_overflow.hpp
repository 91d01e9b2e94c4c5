#pragma once

#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// Whether the crashed task's stack pointer is below its stack, however far, or a guard at the
/// stack's end has noticed. (An interrupt has its own stack.)
bool has_overflowed(const Report& report);

}  // namespace coredepot::decoder
