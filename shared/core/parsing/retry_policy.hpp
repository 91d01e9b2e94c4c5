#pragma once

#include <chrono>
#include <optional>
#include <vector>

namespace coredepot::core {

/// How long to wait after attempt number `attempt` (from 1) has failed; empty after the last one.
/// `pauses` are those before the second attempt, the third, and so on.
std::optional<std::chrono::seconds> pause_after(int attempt,
                                                const std::vector<std::chrono::seconds>& pauses);

/// The longest of these pauses; 0 when there are none.
std::chrono::seconds longest_pause(const std::vector<std::chrono::seconds>& pauses);

}  // namespace coredepot::core
