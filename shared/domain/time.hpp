#pragma once

#include <chrono>
#include <string>

namespace coredepot {

/// A moment in UTC with the resolution of PostgreSQL's timestamptz.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

Timestamp now();

/// `2026-02-11T14:30:00.123456Z`, as the API writes times.
std::string to_iso8601(Timestamp time);

/// `20260211T143000_123456Z`, as in the names of core dump files.
std::string to_compact(Timestamp time);

}  // namespace coredepot
