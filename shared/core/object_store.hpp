#pragma once

#include <chrono>
#include <optional>

#include "config.hpp"
#include "metrics/counters.hpp"
#include "objects/bucket.hpp"

namespace coredepot::core {

/// Counts requests in `counters`, which must outlive the result.
objects::Observer store_observer(metrics::Counters& counters);

/// The configured bucket; empty when there is none. Its requests are counted in `counters`, which
/// must outlive it. `patience` limits a request where S3_TIMEOUT_SECONDS would be too long. Throws
/// ConfigError.
std::optional<objects::Bucket> open_bucket(
    const Config& config, metrics::Counters& counters,
    std::optional<std::chrono::seconds> patience = std::nullopt);

}  // namespace coredepot::core
