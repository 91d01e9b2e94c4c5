#pragma once

#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// The stack pointer of the crashed task has left the task's stack downwards, however far, or a
/// guard at its end has found out. (An interrupt has a stack of its own.)
bool has_overflowed(const Report& report);

}  // namespace coredepot::decoder
