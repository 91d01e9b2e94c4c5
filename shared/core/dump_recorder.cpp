#include "core/dump_recorder.hpp"

#include <chrono>

#include "log.hpp"

namespace coredepot::core {
namespace {

using RecordingClock = std::chrono::steady_clock;

/// A connection that is lost sooner than this was not lost to a timeout, and the next one may do.
constexpr std::chrono::seconds kWorthAsking{3};

}  // namespace

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
    const auto asked = RecordingClock::now();
    try {
        return coredumps_.store(coredump, rules_, limit);
    } catch (const db::Unavailable& lost) {
        if (!lost.in_doubt() || RecordingClock::now() - asked > kWorthAsking) throw;
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
