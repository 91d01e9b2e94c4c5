#pragma once

#include <optional>
#include <string>

namespace coredepot::os {

/// Of this machine, as hostname(1) prints it.
std::string host_name();

/// What no other machine has, and this one keeps (machine-id(5), which is not to be shown around);
/// empty when it has none.
std::optional<std::string> machine_id();

/// Of this process, for people who look for it: `host:pid`.
std::string process_name();

}  // namespace coredepot::os
