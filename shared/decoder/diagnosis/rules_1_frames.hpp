#pragma once

#include <string>
#include <vector>

#include "decoder/report/frame.hpp"

/// Helpers of rules_1.hpp.
namespace coredepot::decoder::rules_1 {

/// A function's name without the suffix that the compiler adds after a dot.
std::string stable_name(const std::string& function);

/// Some frames of a backtrace, in its order.
using FramePointers = std::vector<const Frame*>;

/// The frames that have a name and do not belong to the system. Leaves guessed frames out unless
/// there are no others. If all frames with a name belong to the system, returns them.
FramePointers application_frames(const std::vector<Frame>& frames);

}  // namespace coredepot::decoder::rules_1
