#pragma once

#include "db/database.hpp"
#include "domain/coredump_statistics.hpp"

namespace coredepot::db {

/// Looks at every row (half a second for a million of them), unless that was done a moment ago:
/// where it takes long it is done seldom, so that no more than a hundredth of the time goes by with
/// it. Returns whether it was. Throws Unavailable.
bool count_coredumps(Database& database);

/// Looks at none of them. Throws Unavailable.
CoredumpStatistics coredump_statistics(Database& database);

}  // namespace coredepot::db
