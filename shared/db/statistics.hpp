#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "db/database.hpp"

namespace coredepot::db {

/// What there is of all core dumps together.
struct CoredumpStatistics {
    std::uint64_t pending = 0;
    std::uint64_t parsed = 0;
    std::uint64_t error = 0;
    std::uint64_t bytes = 0;  ///< as uploaded
    /// How long ago the PENDING one that waits longest was uploaded; 0 without any.
    std::chrono::microseconds oldest_pending_age{};
};

/// The table `coredumps` from afar. Looks at every row, though not at their texts: measured, half a
/// second for a million of them. So: once a scrape, not once a request. Throws Unavailable.
CoredumpStatistics coredump_statistics(Database& database);

}  // namespace coredepot::db
