#pragma once

#include "db/database.hpp"
#include "domain/coredump_statistics.hpp"

namespace coredepot::db {

/// Looks at every row (half a second for a million), unless that was done recently. The longer it
/// takes, the less often it is done, so that it uses at most a hundredth of the time. Returns
/// whether it counted. Throws Unavailable.
bool count_coredumps(Database& database);

/// Reads the last count. Throws Unavailable.
CoredumpStatistics coredump_statistics(Database& database);

}  // namespace coredepot::db
