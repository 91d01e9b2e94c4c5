#pragma once

#include <optional>

#include "config.hpp"
#include "metrics/counters.hpp"
#include "objects/bucket.hpp"

namespace coredepot::core {

/// Counts requests in `counters`, which has to outlive it.
objects::Observer store_observer(metrics::Counters& counters);

/// The bucket that the configuration names, whose requests `counters`, which has to outlive it,
/// counts; empty: there is none. Throws ConfigError.
std::optional<objects::Bucket> open_bucket(const Config& config, metrics::Counters& counters);

}  // namespace coredepot::core
