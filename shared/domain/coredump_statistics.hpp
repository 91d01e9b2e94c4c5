#pragma once

#include <chrono>
#include <cstdint>

namespace coredepot {

/// Sums over all core dumps, as of the database's last count.
struct CoredumpStatistics {
    std::uint64_t pending = 0;
    std::uint64_t parsed = 0;
    std::uint64_t error = 0;
    std::uint64_t bytes = 0;  ///< as uploaded
    /// How long the oldest PENDING one has waited since its upload, due or not, as of now; 0 when
    /// there is none.
    std::chrono::microseconds oldest_pending_age{};
    std::chrono::microseconds counted_ago{};
    std::uint64_t ahead = 0;  ///< how many had an upload time in the future when they were counted
    /// How far in the future the latest PENDING one is; 0 when there is none.
    std::chrono::microseconds pending_ahead{};
    /// How far this machine's clock is ahead of the database's; below 0 when it is behind.
    std::chrono::microseconds clock_ahead{};
};

}  // namespace coredepot
