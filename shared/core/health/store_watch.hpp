#pragma once

#include <chrono>
#include <optional>

#include "config.hpp"
#include "core/health/health.hpp"
#include "metrics/counters.hpp"
#include "objects/bucket.hpp"

namespace coredepot::core {

/// Knows whether the object store answers, for those who ask often: it is asked itself once in ten
/// seconds at most, and then waited for no longer than a second.
class StoreWatch {
  public:
    /// `counters` has to outlive it. Throws ConfigError.
    StoreWatch(const Config& config, metrics::Counters& counters);

    /// Never throws; why it is not well is logged when that begins.
    Health::Store state();

  private:
    std::optional<objects::Bucket> bucket_;
    Health::Store state_ = Health::Store::NotConfigured;
    std::chrono::steady_clock::time_point next_look_;
};

}  // namespace coredepot::core
