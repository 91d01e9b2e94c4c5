#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "text/ascii.hpp"

namespace coredepot::db {

/// An issue's last 24 hours as JSON, `[0,…,7]`, oldest first. `hours` is `issue_summaries.hours`:
/// `{{hours ago,occurrences},…}` in any order, where an hour may occur several times; or empty.
inline std::string to_sparkline(std::string_view hours) {
    std::array<std::int64_t, 24> occurrences{};
    const char* at = hours.data();
    const char* const end = at + hours.size();
    const auto next_number = [&at, end]() -> std::optional<std::int64_t> {
        at = std::find_if(at, end, [](char c) { return c == '-' || is_digit(c); });
        std::int64_t number = 0;
        const auto [behind, error] = std::from_chars(at, end, number);
        if (error != std::errc()) return std::nullopt;
        at = behind;
        return number;
    };
    while (const auto ago = next_number()) {
        auto& hour = occurrences.at(occurrences.size() - 1 - static_cast<std::size_t>(*ago));
        hour += next_number().value();
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
