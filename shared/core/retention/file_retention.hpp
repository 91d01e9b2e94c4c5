#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/dump_files.hpp"
#include "db/kept_files.hpp"
#include "domain/retention.hpp"
#include "domain/time.hpp"
#include "metrics/counters.hpp"
#include "storage/folder_state.hpp"

namespace coredepot::core {

/// Lets files of core dumps expire while there are more than the limits allow. Of any number that
/// run at once, one works. Each can be killed at any moment: what its rows say has expired, the
/// next one removes.
class FileRetention {
  public:
    struct Parts {
        db::KeptFiles& rows;
        const DumpFiles& files;
        metrics::Counters& counters;
        std::function<Timestamp()> now;
        /// Of the volume with the core dumps; empty: that cannot be found out.
        std::function<std::optional<storage::Space>()> space;
        std::function<std::optional<storage::Space>()> inodes;
    };
    FileRetention(Parts parts, const FileLimits& limits)
        : parts_(std::move(parts)), limits_(limits) {}

    /// Until the limits are kept to, nothing is left that may go, or `enough` says so, which is
    /// asked between hundreds of files. Throws db::Unavailable.
    void sweep(const std::function<bool()>& enough);

  private:
    using Setting = const char*;
    /// What is beyond a limit.
    struct Excess {
        Setting setting = nullptr;
        metrics::Event event = metrics::Event::FileExpiredForBytes;
        db::KeptFiles::Need need;
    };

    void work(const std::function<bool()>& enough);
    bool remove_expired(const std::function<bool()>& enough);
    std::optional<Excess> beyond_bytes();
    std::optional<Excess> beyond_free_space() const;
    void expired(const Excess& excess, std::int64_t files);

    Parts parts_;
    FileLimits limits_;
};

}  // namespace coredepot::core
