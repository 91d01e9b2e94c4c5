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

/// Knows how much waits in the bucket's spool, for those who ask often. To find out, the bucket
/// lists it: one request where nothing waits, and one for each 1,000 objects. So it is asked once
/// in half a minute at most, for ten pages at most, and no longer than two seconds.
class BucketSpoolWatch {
  public:
    /// `counters` has to outlive it. Throws ConfigError.
    BucketSpoolWatch(const Config& config, metrics::Counters& counters);

    /// Empty: there is no bucket, or it did not answer. Never throws.
    std::optional<metrics::BucketSpoolGauges> gauges();

    /// Beyond that nobody counts: there are so many, or more.
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
