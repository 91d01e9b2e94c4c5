#pragma once

#include <chrono>
#include <cstdint>

namespace coredepot {

/// What there is of all core dumps together: how many, and their bytes, when the database last
/// counted them.
struct CoredumpStatistics {
    std::uint64_t pending = 0;
    std::uint64_t parsed = 0;
    std::uint64_t error = 0;
    std::uint64_t bytes = 0;  ///< as uploaded
    /// How long ago the PENDING one that waits longest was uploaded, due or not, as of now; 0
    /// without any.
    std::chrono::microseconds oldest_pending_age{};
    std::chrono::microseconds counted_ago{};
    std::uint64_t ahead = 0;  ///< uploaded in the future, when they were counted
    /// How far ahead that one of the PENDING lies that lies furthest; 0 without any.
    std::chrono::microseconds pending_ahead{};
    /// How far this machine's clock is ahead of the database's; below 0: behind.
    std::chrono::microseconds clock_ahead{};
};

}  // namespace coredepot
