#pragma once

#include <functional>

#include "core/dump_files.hpp"
#include "db/coredumps.hpp"
#include "metrics/counters.hpp"

namespace coredepot::core {

/// Logs that, and throws RateLimited.
[[noreturn]] void refuse_over_limit(const DeviceKey& device, std::chrono::microseconds wait);

/// Makes rows for core dumps whose files are in place, and removes files that have no row
/// afterwards.
class DumpRecorder {
  public:
    DumpRecorder(db::Coredumps& coredumps, const DumpFiles& files, const db::StoreRules& rules,
                 metrics::Counters& counters)
        : coredumps_(coredumps), files_(files), rules_(rules), counters_(counters) {}

    /// Puts the core dump's file in the place of that moment, or the first free one after it.
    using Place = std::function<storage::StoredDump(Timestamp)>;

    /// When it returns a StoredCoredump, there is a row: for this core dump, or for an earlier
    /// upload of it, and then this one's file is gone. Otherwise there is no row, and the file is
    /// still the caller's. Throws db::Unavailable, in doubt when the row may exist, and what
    /// `place` throws.
    ///
    /// Another core dump of the device may already have the name, with its file on another host.
    /// Then this one's file moves to the next place that is free in the table as well, and
    /// `coredump` gets the new name, time and object, even if this throws. Never returns NameTaken.
    db::StoreOutcome record(const DeviceKey& device, db::NewCoredump& coredump, const Place& place,
                            const UploadLimit& limit);

  private:
    db::StoreOutcome insert(const db::NewCoredump& coredump, const UploadLimit& limit);
    void move_on(const DeviceKey& device, db::NewCoredump& coredump, const Place& place);

    db::Coredumps& coredumps_;
    const DumpFiles& files_;
    db::StoreRules rules_;
    metrics::Counters& counters_;
};

}  // namespace coredepot::core
