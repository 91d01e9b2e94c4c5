#include "os/host.hpp"

#include <array>
#include <fstream>

#include <unistd.h>

namespace coredepot::os {

std::string host_name() {
    std::array<char, 256> name{};  // HOST_NAME_MAX is 64
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

std::optional<std::string> machine_id() {
    std::ifstream file("/etc/machine-id");
    std::string id;
    if (!std::getline(file, id) || id.empty() || id == "uninitialized") return std::nullopt;
    return id;
}

std::string process_name() {
    return host_name() + ':' + std::to_string(::getpid());
}

}  // namespace coredepot::os
