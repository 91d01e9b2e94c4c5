#pragma once

#include <string>

/// Backtraces in a parsed output, in the form of tests/data/crash/expected_backtrace: a line
/// `task NAME` for each heading and one `#3 function file:line` for each frame below it.
namespace coredepot::test {

/// Of all threads.
std::string threads(const std::string& output);

/// Of the one that crashed, which the output has before all others.
std::string crashed_thread(const std::string& output);

}  // namespace coredepot::test
