#include "os/host.hpp"

#include <array>

#include <unistd.h>

namespace coredepot::os {

std::string host_name() {
    std::array<char, 256> name{};  // HOST_NAME_MAX is 64
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

std::string process_name() {
    return host_name() + ':' + std::to_string(::getpid());
}

}  // namespace coredepot::os
