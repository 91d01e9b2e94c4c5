#pragma once

#include <optional>
#include <string>

namespace coredepot::os {

/// The name of this machine, as hostname(1) prints it.
std::string host_name();

/// An ID that this machine alone has and keeps (machine-id(5); do not show it to others). Empty
/// when it has none.
std::optional<std::string> machine_id();

/// Names this process for people who look for it: `host:pid`.
std::string process_name();

}  // namespace coredepot::os
