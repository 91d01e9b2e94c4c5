#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "config.hpp"
#include "domain/time.hpp"
#include "metrics/counters.hpp"
#include "metrics/gauges.hpp"
#include "objects/bucket.hpp"

namespace coredepot::core {

/// Knows how much waits in the bucket's spool, for callers that ask often. To find out, it lists
/// the spool: one request if it is empty, and one per 1,000 objects. So it asks at most every 30
/// seconds, for at most ten pages, and for no longer than two seconds.
class BucketSpoolWatch {
  public:
    /// `counters` must outlive this object. Throws ConfigError.
    BucketSpoolWatch(const Config& config, metrics::Counters& counters);

    /// Empty when there is no bucket or it did not answer. Never throws.
    std::optional<metrics::BucketSpoolGauges> gauges();

    /// Counting stops there: there may be more.
    static constexpr std::size_t kMostPages = 10;

  private:
    struct Found {
        std::uint64_t objects = 0;
        std::uint64_t bytes = 0;
        std::optional<Timestamp> oldest;
    };
    Found look();

    std::optional<objects::Bucket> bucket_;
    std::optional<Found> found_;
    std::chrono::steady_clock::time_point next_look_;
};

}  // namespace coredepot::core
