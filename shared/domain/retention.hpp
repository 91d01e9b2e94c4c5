#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coredepot {

/// Which of a device's core dumps go when it has more than MAX_COREDUMPS.
enum class Retention : std::uint8_t {
    Oldest,   ///< the oldest
    Diverse,  ///< repeats of a crash before the only trace of another
};

/// A core dump as retention sees it.
struct KeptCoredump {
    std::int64_t id = 0;
    /// Equal for core dumps of one bug; empty: not parsed, or nothing that tells.
    std::optional<std::string> signature;
    /// The first of an issue, after a regression, or of an issue in a version.
    bool is_milestone = false;
};

/// The ids of those that go so that `keep` stay (at least one), by Retention::Diverse.
///
/// First the newest of each signature stay, then the second newest of each, and so on; among equals
/// the newer. So what goes is the oldest repeat of the bug that has the most, and a crash loop eats
/// itself. Those without a signature count as one bug: while the sidecar is away a loop looks just
/// like that. Where none has one, it is the oldest that go. Milestones go after all others.
///
/// `newest_first`: all of the device's, in the order that they came in. `accepted` never goes, as
/// though it were the newest: it was just accepted, even if it comes out of a spool late.
std::vector<std::int64_t> surplus(std::vector<KeptCoredump> newest_first, std::int64_t accepted,
                                  std::size_t keep);

/// How much room the files of all core dumps may take. A core dump whose file goes for that keeps
/// its row, with its backtrace.
struct FileLimits {
    std::optional<std::uint64_t> max_bytes;  ///< of all files together
    int min_free_percent = 0;                ///< of the volume, its bytes and its inodes
    std::optional<std::chrono::days> max_age{};
    std::int64_t keep_per_signature = 50;  ///< newest files, for whatever bytes there are
};

/// How many are missing for so many percent of `total` to be free: bytes or inodes.
std::uint64_t missing_free(std::uint64_t free, std::uint64_t total, int percent);

}  // namespace coredepot
