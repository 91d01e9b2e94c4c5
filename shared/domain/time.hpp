#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace coredepot {

/// A moment in UTC with the resolution of PostgreSQL's timestamptz.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

Timestamp now();

/// `2026-02-11T14:30:00.123456Z`, as the API writes times.
std::string to_iso8601(Timestamp time);
std::optional<std::string> to_iso8601(const std::optional<Timestamp>& time);

/// Reads `2026-02-11T14:30:00Z`, as clients write times: with or without a fraction of up to six
/// digits, with `Z` or `+01:00`. Empty for anything else, for days such as the 30th of February,
/// and for years outside 1 to 9999.
std::optional<Timestamp> from_iso8601(std::string_view text);

/// `20260211T143000_123456Z`, as in the names of core dump files.
std::string to_compact(Timestamp time);

}  // namespace coredepot
