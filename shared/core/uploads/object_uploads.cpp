#include "core/uploads/object_uploads.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "log.hpp"

namespace coredepot::core {
namespace {

using Clock = Outage::Clock;

db::NewCoredump row_of(const Device& device, const storage::UploadedDump& dump,
                       const storage::StoredDump& placed, db::Arrival arrival) {
    return {device.id,
            placed.filename,
            dump.chip,
            dump.firmware_version,
            static_cast<std::int64_t>(dump.bytes.size()),
            placed.stored_at,
            dump.sha256,
            dump.idempotency_key,
            arrival,
            placed.object};
}

}  // namespace

AcceptedUpload ObjectUploads::record(const Device& device, storage::UploadedDump dump,
                                     const DatabaseFailed& database_failed) {
    // If it already waits for its row on this machine, it gets that row's name.
    const auto earlier = parts_.spool.find_repeated(dump);
    if (earlier) dump.uploaded_at = *earlier;
    const auto arrival = earlier ? db::Arrival::Late : db::Arrival::Now;
    const auto place = [&](Timestamp at) {
        dump.uploaded_at = at;
        return parts_.files.put_object(dump, at, device.model_code);
    };
    std::optional<db::NewCoredump> row;
    bool row_may_be_there = false;
    auto asked = Clock::now();
    try {
        if (store_outage_.lasts(asked))
            throw objects::Unavailable("it did not answer a moment ago");
        row = row_of(device, dump, place(dump.uploaded_at), arrival);
        asked = Clock::now();
        row_may_be_there = true;
        const auto outcome = DumpRecorder(parts_.coredumps, parts_.files, rules_, parts_.counters)
                                 .record(device.key, *row, place, earlier ? UploadLimit{} : limit_);
        if (const auto* stored = std::get_if<db::StoredCoredump>(&outcome)) {
            if (parts_.wake_ups) parts_.wake_ups->want_parse();
            return {stored->file.filename, stored->id};
        }
        parts_.files.remove(device.key, row->file());
        if (const auto* over = std::get_if<db::OverLimit>(&outcome)) {
            refuse_over_limit(device.key, over->wait);
        }
        throw NotFound("Device", device.key.str());
    } catch (const Refusal&) {
        throw;
    } catch (const objects::Unavailable& away) {
        store_failed(asked, away);
        if (waits_too_often(device.key)) refuse_over_limit(device.key, Outage::kLongest);
        // Its moment stays, because an object of that name may still appear.
        if (earlier != dump.uploaded_at) parts_.spool.store_unmoved(dump);
        return {dump_filename(dump.uploaded_at), std::nullopt};
    } catch (const db::Unavailable& lost) {
        row_may_be_there = lost.in_doubt();
        database_failed(asked, lost);
    } catch (const std::exception& error) {
        database_failed(asked, error);
    }
    // Whoever imports it finds the row if it was made, and otherwise makes it. From here on, the
    // object is theirs.
    AcceptedUpload accepted{dump_filename(dump.uploaded_at), std::nullopt};
    if (earlier == dump.uploaded_at) return accepted;  // it already waits there
    if (keep_in_bucket(dump) == Kept::Yes) return accepted;
    try {
        parts_.spool.store_unmoved(dump);
    } catch (...) {
        if (row && !row_may_be_there && !earlier) parts_.files.remove(device.key, row->file());
        throw;
    }
    return accepted;
}

AcceptedUpload ObjectUploads::spool(storage::UploadedDump dump) {
    // A repeat gets the name of the first upload, whose row will serve both; it does not count
    // towards the limit. If another host has the first one, the import notices.
    if (const auto earlier = parts_.spool.find_repeated(dump)) {
        return {dump_filename(*earlier), std::nullopt};
    }
    if (is_over_limit(dump.device)) refuse_over_limit(dump.device, Outage::kLongest);
    switch (keep_in_bucket(dump)) {
        case Kept::Yes:
            break;
        case Kept::InDoubt:
            parts_.spool.store_unmoved(dump);
            break;
        case Kept::No:
            dump.uploaded_at = parts_.spool.store(dump);
            break;
    }
    return {dump_filename(dump.uploaded_at), std::nullopt};
}

ObjectUploads::Kept ObjectUploads::keep_in_bucket(const storage::UploadedDump& dump) {
    const auto asked = Clock::now();
    if (store_outage_.lasts(asked)) return Kept::No;
    try {
        if (spooled_.put(dump) == objects::Put::Stored) return Kept::Yes;
        store_failed(asked, objects::Unavailable("no answer after all of a record was sent"));
        return Kept::InDoubt;
    } catch (const objects::Unavailable& away) {
        store_failed(asked, away);
        return Kept::No;
    }
}

/// On this machine.
bool ObjectUploads::waits_too_often(const DeviceKey& device) const {
    return limit_.refill > std::chrono::microseconds(0) &&
           parts_.spool.waiting_of(device) >= static_cast<std::size_t>(limit_.burst);
}

/// Only the database knows how much the device has uploaded. Allowing a burst to each leaves room
/// for others.
bool ObjectUploads::is_over_limit(const DeviceKey& device) {
    constexpr int kMostListed = 1000;
    if (limit_.refill <= std::chrono::microseconds(0)) return false;
    if (waits_too_often(device)) return true;
    const auto asked = Clock::now();
    if (store_outage_.lasts(asked)) return false;
    try {
        return spooled_.has_waiting(device, std::clamp(limit_.burst, 1, kMostListed));
    } catch (const objects::Unavailable& away) {
        store_failed(asked, away);
        return false;
    }
}

void ObjectUploads::store_failed(Clock::time_point asked, const objects::Unavailable& error) {
    store_outage_.observed(asked, Clock::now());
    log::warning("object storage not available: a core dump is spooled on this machine",
                 {{"error", error.what()}});
}

}  // namespace coredepot::core
