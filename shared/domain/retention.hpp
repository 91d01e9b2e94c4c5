#pragma once

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
};

/// The ids of those that go so that `keep` stay (at least one), by Retention::Diverse.
///
/// First the newest of each signature stay, then the second newest of each, and so on; among equals
/// the newer. So what goes is the oldest repeat of the bug that has the most, and a crash loop eats
/// itself. Those without a signature count as one bug: while the sidecar is away a loop looks just
/// like that. Where none has one, it is the oldest that go.
///
/// `newest_first`: all of the device's, in the order that they came in. `accepted` never goes, as
/// though it were the newest: it was just accepted, even if it comes out of a spool late.
std::vector<std::int64_t> surplus(std::vector<KeptCoredump> newest_first, std::int64_t accepted,
                                  std::size_t keep);

}  // namespace coredepot
