#include "support/processes.hpp"

#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace coredepot::test {

namespace fs = std::filesystem;

namespace {

/// Of /proc/PID/stat: `pid (name, which may hold anything) state ppid …`; 0 when it is gone.
int parent_of(const fs::path& process) {
    std::ifstream file(process / "stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(") ");
    if (name_end == std::string::npos) return 0;
    constexpr std::size_t kStateLength = 4;
    return std::stoi(line.substr(name_end + kStateLength));
}

}  // namespace

std::map<int, fs::path> descendants(int ancestor) {
    std::multimap<int, int> children;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        children.emplace(parent_of(entry.path()), std::stoi(name));
    }
    std::map<int, fs::path> found;
    std::vector<int> pending{ancestor};
    while (!pending.empty()) {
        const auto [first, last] = children.equal_range(pending.back());
        pending.pop_back();
        for (auto child = first; child != last; ++child) {
            const auto program =
                fs::read_symlink("/proc/" + std::to_string(child->second) + "/exe", error);
            if (!error) found.emplace(child->second, program);
            pending.push_back(child->second);
        }
    }
    return found;
}

std::string process_title(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
    std::string title;
    std::getline(file, title, '\0');
    return title;
}

}  // namespace coredepot::test
