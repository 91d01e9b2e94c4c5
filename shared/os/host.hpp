#pragma once

#include <string>

namespace coredepot::os {

/// Of this machine, as hostname(1) prints it.
std::string host_name();

/// Of this process, for people who look for it: `host:pid`.
std::string process_name();

}  // namespace coredepot::os
