#pragma once

#include <string>
#include <vector>

namespace coredepot::test {

/// A line of handlers/processes, whose head says what the columns are.
struct Process {
    std::string program;
    std::string unit;
    std::string kind;  ///< handler, sidecar or runner
    std::string user;  ///< reader, writer or sidecar
    std::string processes;
    std::string memory;

    bool listens() const { return kind != "runner"; }
};

std::vector<Process> process_list();

}  // namespace coredepot::test
