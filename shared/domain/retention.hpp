#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coredepot {

/// Which core dumps of a device are removed when it has more than MAX_COREDUMPS.
enum class Retention : std::uint8_t {
    Oldest,   ///< the oldest
    Diverse,  ///< repeats of a crash go before the only trace of another crash
};

/// What retention needs to know about a core dump.
struct KeptCoredump {
    std::int64_t id = 0;
    /// The same for all core dumps of one bug; empty: not parsed yet, or nothing to tell by.
    std::optional<std::string> signature;
    /// The first of an issue, the first after a regression, or the first of an issue in a version.
    bool is_milestone = false;
};

/// Returns the IDs to remove so that `keep` (at least one) stay, for Retention::Diverse.
///
/// The newest core dump of each signature stays first, then the second newest of each, and so on;
/// among equals the newer one stays. So we remove the oldest repeat of the most frequent bug, and a
/// crash loop pushes out only itself. Core dumps without a signature count as one bug, because that
/// is what a loop looks like while the sidecar is away. If none has a signature, the oldest go.
/// Milestones go last.
///
/// `newest_first`: all of the device's core dumps in the order in which they arrived. `accepted` is
/// never removed and counts as the newest: it was just accepted, even if it comes late out of a
/// spool.
std::vector<std::int64_t> surplus(std::vector<KeptCoredump> newest_first, std::int64_t accepted,
                                  std::size_t keep);

/// How much room the files of all core dumps may take. When a file is removed for this, the row
/// stays with its backtrace.
struct FileLimits {
    std::optional<std::uint64_t> max_bytes;  ///< all files together
    int min_free_percent = 0;                ///< of the volume's bytes, and of its inodes
    std::optional<std::chrono::days> max_age{};
    std::int64_t keep_per_signature = 50;  ///< newest files to keep, however large

    friend bool operator==(const FileLimits&, const FileLimits&) = default;
};

/// How many bytes or inodes are missing until `percent` of `total` are free.
std::uint64_t missing_free(std::uint64_t free, std::uint64_t total, int percent);

}  // namespace coredepot
