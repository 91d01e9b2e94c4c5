#pragma once

#include <string>
#include <vector>

#include "decoder/report/frame.hpp"

namespace coredepot::decoder {

/// The frames of a backtrace that are the firmware's own, innermost first: those of panic, abort
/// and assert, of FreeRTOS, the C library and the mask ROM are left out, and so is what has no name
/// or was guessed. When that leaves nothing, as in a crash of an idle task, all that have a name.
std::vector<Frame> application_frames(const std::vector<Frame>& frames);

/// A function's name as it is in any build: without what the compiler adds when it makes a special
/// copy of one (`.isra.0`, `.constprop.1`, `.part.2`, `.cold`).
std::string stable_name(const std::string& function);

}  // namespace coredepot::decoder
