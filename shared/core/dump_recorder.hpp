#pragma once

#include "db/coredumps.hpp"
#include "metrics/counters.hpp"
#include "storage/dump_store.hpp"

namespace coredepot::core {

/// Makes the rows of core dumps whose files are in their places, and lets go the files that have
/// none afterwards.
class DumpRecorder {
  public:
    DumpRecorder(db::Coredumps& coredumps, const storage::DumpStore& store,
                 const db::StoreRules& rules, metrics::Counters& counters)
        : coredumps_(coredumps), store_(store), rules_(rules), counters_(counters) {}

    /// The row is there when it returns a StoredCoredump: of this core dump, or of an earlier
    /// upload of it, and then this one's file is gone. Otherwise there is none and the file is the
    /// caller's. Throws db::Unavailable, in doubt when the row may be there.
    db::StoreOutcome record(const DeviceKey& device, const db::NewCoredump& coredump,
                            const UploadLimit& limit);

  private:
    db::StoreOutcome insert(const db::NewCoredump& coredump, const UploadLimit& limit);

    db::Coredumps& coredumps_;
    const storage::DumpStore& store_;
    db::StoreRules rules_;
    metrics::Counters& counters_;
};

}  // namespace coredepot::core
