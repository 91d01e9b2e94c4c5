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

/// Lets files of core dumps expire while the limits are exceeded. Any number may run at once, and
/// one of them works. Each may be killed at any moment: the next one removes the files whose rows
/// say that they have expired.
class FileRetention {
  public:
    struct Parts {
        db::KeptFiles& rows;
        const DumpFiles& files;
        metrics::Counters& counters;
        std::function<Timestamp()> now;
        /// The space on the core dumps' volume; empty when it cannot be found out.
        std::function<std::optional<storage::Space>()> space;
        std::function<std::optional<storage::Space>()> inodes;
    };
    FileRetention(Parts parts, const FileLimits& limits)
        : parts_(std::move(parts)), limits_(limits) {}

    /// Works until the limits are met, no more files may go, or `enough` returns true, which is
    /// called after every few hundred files. Throws db::Unavailable.
    void sweep(const std::function<bool()>& enough);

  private:
    using Setting = const char*;
    /// By how much the limits are exceeded.
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
