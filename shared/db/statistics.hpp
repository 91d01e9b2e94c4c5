#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "db/database.hpp"

namespace coredepot::db {

/// What there is of all core dumps together: how many, and their bytes, when they were last
/// counted.
struct CoredumpStatistics {
    std::uint64_t pending = 0;
    std::uint64_t parsed = 0;
    std::uint64_t error = 0;
    std::uint64_t bytes = 0;  ///< as uploaded
    /// How long ago the PENDING one that waits longest was uploaded, as of now; 0 without any.
    std::chrono::microseconds oldest_pending_age{};
};

/// Looks at every row (half a second for a million of them), unless that was done a moment ago:
/// where it takes long it is done seldom, so that no more than a hundredth of the time goes by with
/// it. Returns whether it was. Throws Unavailable.
bool count_coredumps(Database& database);

/// Looks at none of them. Throws Unavailable.
CoredumpStatistics coredump_statistics(Database& database);

}  // namespace coredepot::db
