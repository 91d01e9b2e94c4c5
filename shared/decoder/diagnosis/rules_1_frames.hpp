#pragma once

#include <string>
#include <vector>

#include "decoder/report/frame.hpp"

/// What belongs to rules_1.hpp.
namespace coredepot::decoder::rules_1 {

/// A function's name without what the compiler adds behind a dot.
std::string stable_name(const std::string& function);

/// Some of a backtrace, in its order.
using FramePointers = std::vector<const Frame*>;

/// Those of `frames` that have a name and are not the system's, without guessed ones as long as
/// there are others; all that have a name where the system's are the only ones.
FramePointers application_frames(const std::vector<Frame>& frames);

}  // namespace coredepot::decoder::rules_1
