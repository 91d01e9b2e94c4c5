#pragma once

#include <string>

#include "decoder/report/report.hpp"

namespace coredepot::decoder::test {

/// The layout of tests/data/crash/expected_backtrace: for each task `task NAME`, and for each frame
/// `#N function file:line`; frames without a name are left out, as they are there.
std::string backtraces(const Report& report);

}  // namespace coredepot::decoder::test
