#include "core/retention/sweeper.hpp"

#include "log.hpp"
#include "os/stop_signal.hpp"

namespace coredepot::core {
namespace {

using Folder = std::optional<std::filesystem::path>;

std::optional<storage::Space> space_of(const Folder& folder) {
    return folder ? storage::space_of(*folder) : std::nullopt;
}

std::optional<storage::Space> inodes_of(const Folder& folder) {
    return folder ? storage::inodes_of(*folder) : std::nullopt;
}

/// A fleet that uploads 100 MB a second fills 500 MB between two sweeps.
constexpr std::chrono::seconds kPause{5};
constexpr std::chrono::seconds kLongestSweep{1};

}  // namespace

Sweeper::Sweeper(const Config& config, db::Database& database, const DumpFiles& files,
                 metrics::Counters& counters)
    : rows_(database),
      retention_({rows_, files, counters, now,
                  [folder = config.coredumps_dir] { return space_of(folder); },
                  [folder = config.coredumps_dir] { return inodes_of(folder); }},
                 config.file_limits) {}

void Sweeper::sweep() {
    if (Clock::now() < next_) return;
    try {
        const auto until = Clock::now() + kLongestSweep;
        bool cut_off = false;
        retention_.sweep([&] { return cut_off = os::stop_requested() || Clock::now() >= until; });
        next_ = cut_off ? Clock::now() : Clock::now() + kPause;
    } catch (const std::exception& error) {
        log::warning("cannot let files of core dumps expire", {{"error", error.what()}});
        next_ = Clock::now() + kPause;
    }
}

}  // namespace coredepot::core
