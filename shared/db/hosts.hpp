#pragma once

#include <string>

#include "db/database.hpp"

namespace coredepot::db {

/// Whether the host name is this machine's, and no other's that was seen in the last five minutes.
/// Writes down that it is. `machine`: what tells machines of one name apart. Throws Unavailable.
bool take_host_name(Database& database, const std::string& name, const std::string& machine);

}  // namespace coredepot::db
