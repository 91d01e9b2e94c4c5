#include "support/process_list.hpp"

#include <fstream>
#include <sstream>

namespace coredepot::test {

std::vector<Process> process_list() {
    std::vector<Process> processes;
    std::ifstream file(COREDEPOT_SOURCE_DIR "/handlers/processes");
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        std::istringstream columns(line);
        Process process;
        columns >> process.program >> process.unit >> process.kind >> process.user >>
            process.processes >> process.memory;
        processes.push_back(std::move(process));
    }
    return processes;
}

}  // namespace coredepot::test
