#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace coredepot::db {

/// An issue's last 24 hours as JSON, `[0,…,7]`, oldest first. `recent_hours` and `hours_ago` as
/// `issue_summaries` has them: `{7,0,2}`, newest first, and that so many hours ago; or empty.
inline std::string to_sparkline(std::string_view recent_hours, std::int64_t hours_ago) {
    std::array<std::int64_t, 24> occurrences{};
    auto ago = hours_ago;
    for (std::size_t at = 1; at < recent_hours.size(); ++ago) {
        std::int64_t number = 0;
        const auto* const end = recent_hours.data() + recent_hours.size();
        const auto [behind, error] = std::from_chars(recent_hours.data() + at, end, number);
        if (error != std::errc()) break;  // there are none: `{}`
        at = static_cast<std::size_t>(behind - recent_hours.data()) + 1;
        // A clock that is ahead has hours to come.
        if (ago >= 0 && ago < 24) occurrences.at(static_cast<std::size_t>(23 - ago)) = number;
    }
    std::string json;
    for (const auto count : occurrences) {
        json += json.empty() ? '[' : ',';
        json += std::to_string(count);
    }
    json += ']';
    return json;
}

}  // namespace coredepot::db
