#include "core/parsing/retry_policy.hpp"

#include <algorithm>
#include <cstddef>

namespace coredepot::core {

std::optional<std::chrono::seconds> pause_after(int attempt,
                                                const std::vector<std::chrono::seconds>& pauses) {
    const auto index = static_cast<std::size_t>(attempt) - 1;
    if (attempt < 1 || index >= pauses.size()) return std::nullopt;
    return pauses[index];
}

std::chrono::seconds longest_pause(const std::vector<std::chrono::seconds>& pauses) {
    if (pauses.empty()) return std::chrono::seconds(0);
    return std::ranges::max(pauses);
}

}  // namespace coredepot::core
