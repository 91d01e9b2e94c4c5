#include "core/dump_recorder.hpp"

#include "log.hpp"

namespace coredepot::core {

db::StoreOutcome DumpRecorder::record(const DeviceKey& device, const db::NewCoredump& coredump,
                                      const UploadLimit& limit) {
    auto outcome = insert(coredump, limit);
    if (const auto* row = std::get_if<db::StoredCoredump>(&outcome)) {
        if (row->filename != coredump.filename) {
            store_.remove(device, coredump.filename);
            counters_.record(metrics::Event::CoredumpRepeated);
        }
        for (const auto& evicted : row->evicted) store_.remove(device, evicted);
        counters_.record(metrics::Event::CoredumpEvicted, row->evicted.size());
    }
    return outcome;
}

db::StoreOutcome DumpRecorder::insert(const db::NewCoredump& coredump, const UploadLimit& limit) {
    try {
        return coredumps_.store(coredump, rules_, limit);
    } catch (const db::Unavailable& lost) {
        if (!lost.in_doubt()) throw;
        log::warning("connection lost while a core dump was recorded; asking again",
                     {{"error", lost.what()}});
    }
    try {
        // Finds the row if the first call made it.
        return coredumps_.store(coredump, rules_, limit);
    } catch (const db::Unavailable& lost) {
        throw db::Unavailable(lost.what(), true);
    }
}

}  // namespace coredepot::core
