#include "core/alerts/retry.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace coredepot::core {

std::optional<std::chrono::seconds> alert_pause(int attempt, double jitter,
                                                std::optional<std::chrono::seconds> retry_after) {
    using std::chrono::seconds;
    constexpr seconds kLongest = std::chrono::hours(24);
    constexpr std::array<seconds, 9> kPauses = {
        std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
        std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
        std::chrono::hours(14),  std::chrono::hours(20),  kLongest};
    const auto index = static_cast<std::size_t>(attempt) - 1;
    if (attempt < 1 || index >= kPauses.size()) return std::nullopt;
    const auto pause = static_cast<double>(kPauses.at(index).count());
    const seconds own(static_cast<std::int64_t>(pause * (1 + std::clamp(jitter, 0.0, 1.0) / 10)));
    return std::max(own, std::min(retry_after.value_or(seconds(0)), kLongest));
}

}  // namespace coredepot::core
