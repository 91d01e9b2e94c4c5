#pragma once

#include <chrono>
#include <optional>

namespace coredepot::core {

/// How long to wait after attempt number `attempt` (from 1) failed; empty: that was the last. The
/// pauses are those of Standard Webhooks, and up to a tenth more: `jitter`, from 0 to 1, says how
/// much, so that receivers that were away together are not asked together. Longer, up to a day,
/// when the receiver said so.
std::optional<std::chrono::seconds> alert_pause(
    int attempt, double jitter, std::optional<std::chrono::seconds> retry_after = std::nullopt);

}  // namespace coredepot::core
