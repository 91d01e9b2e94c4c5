#pragma once

#include <chrono>
#include <optional>

#include "config.hpp"
#include "metrics/counters.hpp"
#include "objects/bucket.hpp"

namespace coredepot::core {

/// Counts requests in `counters`, which has to outlive it.
objects::Observer store_observer(metrics::Counters& counters);

/// The bucket that the configuration names, whose requests `counters`, which has to outlive it,
/// counts; empty: there is none. `patience`: with a request, where S3_TIMEOUT_SECONDS would be too
/// long. Throws ConfigError.
std::optional<objects::Bucket> open_bucket(
    const Config& config, metrics::Counters& counters,
    std::optional<std::chrono::seconds> patience = std::nullopt);

}  // namespace coredepot::core
