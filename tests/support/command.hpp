#pragma once

#include <string>
#include <vector>

namespace coredepot::test {

struct CommandResult {
    int status;          ///< exit status, or 128 and the signal's number
    std::string output;  ///< what it wrote to stdout and stderr
};

/// Runs a program to its end: its path and its arguments. `environment` (`NAME=value`) is set
/// beside ours. Throws std::system_error when it cannot be started.
CommandResult run_command(const std::vector<std::string>& command,
                          const std::vector<std::string>& environment = {});

}  // namespace coredepot::test
