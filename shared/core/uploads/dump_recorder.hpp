#pragma once

#include <functional>

#include "core/dump_files.hpp"
#include "db/coredumps.hpp"
#include "metrics/counters.hpp"

namespace coredepot::core {

/// Logs it, and throws RateLimited.
[[noreturn]] void refuse_over_limit(const DeviceKey& device, std::chrono::microseconds wait);

/// Makes the rows of core dumps whose files are in their places, and lets go the files that have
/// none afterwards.
class DumpRecorder {
  public:
    DumpRecorder(db::Coredumps& coredumps, const DumpFiles& files, const db::StoreRules& rules,
                 metrics::Counters& counters)
        : coredumps_(coredumps), files_(files), rules_(rules), counters_(counters) {}

    /// Puts the core dump's file in a place of this moment or the first free one after it.
    using Place = std::function<storage::StoredDump(Timestamp)>;

    /// The row is there when it returns a StoredCoredump: of this core dump, or of an earlier
    /// upload of it, and then this one's file is gone. Otherwise there is none and the file is the
    /// caller's. Throws db::Unavailable, in doubt when the row may be there; what `place` does.
    ///
    /// Another core dump of the device may have the name already, whose file is on another host:
    /// then this one's file moves on to the next place that is free in the table too, and its name
    /// time and object with it, in `coredump`, also when this throws. Never returns NameTaken.
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
