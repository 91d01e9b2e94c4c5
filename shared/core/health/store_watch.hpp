#pragma once

#include <chrono>
#include <optional>

#include "config.hpp"
#include "core/health/health.hpp"
#include "metrics/counters.hpp"
#include "objects/bucket.hpp"

namespace coredepot::core {

/// Knows whether the object store answers, for callers that ask often. It asks the store at most
/// every ten seconds and waits at most a second.
class StoreWatch {
  public:
    /// `counters` must outlive this object. Throws ConfigError.
    StoreWatch(const Config& config, metrics::Counters& counters);

    /// Never throws. When the store goes away, logs why.
    Health::Store state();

  private:
    std::optional<objects::Bucket> bucket_;
    Health::Store state_ = Health::Store::NotConfigured;
    std::chrono::steady_clock::time_point next_look_;
};

}  // namespace coredepot::core
