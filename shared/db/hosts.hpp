#pragma once

#include <string>

#include "db/database.hpp"

namespace coredepot::db {

/// Claims the host name for this machine. False when another machine has used it in the last five
/// minutes. `machine` distinguishes machines with the same name. Throws Unavailable.
bool take_host_name(Database& database, const std::string& name, const std::string& machine);

}  // namespace coredepot::db
