#pragma once

#include <chrono>
#include <optional>

namespace coredepot::core {

/// How long to wait after attempt number `attempt` (from 1) has failed; empty after the last one.
/// The pauses are those of Standard Webhooks plus up to a tenth. `jitter`, from 0 to 1, sets that
/// part, so that receivers that were away together are not asked together. If the receiver asks for
/// more, the pause is longer, up to a day.
std::optional<std::chrono::seconds> alert_pause(
    int attempt, double jitter, std::optional<std::chrono::seconds> retry_after = std::nullopt);

}  // namespace coredepot::core
