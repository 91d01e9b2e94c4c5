#pragma once

#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// Of `report`, which lacks nothing but that, which bug it is.
///
/// Its signature is the beginning of a SHA-256, equal for one bug in any build of the firmware.
/// Made of the kind of crash and the names of the topmost functions of the firmware's own, each
/// once, so that recursion of any depth is one bug; of no address and no line.
Crash describe_crash(const Report& report);

}  // namespace coredepot::decoder
