#include "core/uploads/dump_recorder.hpp"

#include <chrono>

#include "core/errors.hpp"
#include "log.hpp"

namespace coredepot::core {
namespace {

using RecordingClock = std::chrono::steady_clock;

/// A connection lost sooner than that was not lost to a timeout, so the next one may work.
constexpr std::chrono::seconds kWorthAsking{3};

}  // namespace

void refuse_over_limit(const DeviceKey& device, std::chrono::microseconds wait) {
    log::warning("core dump refused: the device uploads too many", {{"device", device.str()}});
    throw RateLimited("The device uploads too many core dumps", wait);
}

db::StoreOutcome DumpRecorder::record(const DeviceKey& device, db::NewCoredump& coredump,
                                      const Place& place, const UploadLimit& limit) {
    auto outcome = insert(coredump, limit);
    while (std::holds_alternative<db::NameTaken>(outcome)) {
        move_on(device, coredump, place);
        outcome = insert(coredump, limit);
    }
    if (const auto* row = std::get_if<db::StoredCoredump>(&outcome)) {
        // If the name is the same, it was recorded before there was a bucket, or moved into it.
        if (row->file != coredump.file()) files_.remove(device, coredump.file());
        if (row->file.filename != coredump.filename) {
            counters_.record(metrics::Event::CoredumpRepeated);
        }
        for (const auto& evicted : row->evicted) files_.remove(device, evicted);
        counters_.record(metrics::Event::CoredumpEvicted, row->evicted.size());
    }
    return outcome;
}

/// The file under the taken name is ours, or it would not have been placed there. The file of the
/// core dump that has the row is elsewhere.
void DumpRecorder::move_on(const DeviceKey& device, db::NewCoredump& coredump, const Place& place) {
    const auto file = place(coredump.uploaded_at + std::chrono::microseconds(1));
    log::warning("another host gave a core dump the same name; this one takes the next",
                 {{"device", device.str()},
                  {"taken", coredump.filename.str()},
                  {"filename", file.filename.str()}});
    files_.remove(device, coredump.file());
    coredump.filename = file.filename;
    coredump.uploaded_at = file.stored_at;
    coredump.object = file.object;
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
        // It finds the row if the first call made it.
        return coredumps_.store(coredump, rules_, limit);
    } catch (const db::Unavailable& lost) {
        throw db::Unavailable(lost.what(), true);
    }
}

}  // namespace coredepot::core
