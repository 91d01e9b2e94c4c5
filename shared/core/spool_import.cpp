#include "core/spool_import.hpp"

#include "log.hpp"

namespace coredepot::core {
namespace {

/// So many devices in a row are not at fault themselves: the disk is full, or the like.
constexpr int kGiveUpAfter = 10;

}  // namespace

std::size_t SpoolImport::run() {
    std::size_t imported = 0;
    int failures = 0;
    std::string failed;  // whose core dumps are left for the next run
    parts_.spool.for_each([&](const std::string& name) {
        if (stopping_() || failures == kGiveUpAfter) return false;
        const auto device = storage::SpoolParts::device_of(name);
        if (!failed.empty() && device == failed) return true;
        try {
            const auto claim = parts_.spool.claim(name);
            if (claim && bring_in(*claim)) ++imported;
            failures = 0;
        } catch (const db::Unavailable&) {
            throw;
        } catch (const std::exception& error) {
            log::error("cannot bring a spooled core dump in",
                       {{"file", name}, {"error", error.what()}});
            ++failures;
            failed = device;
        }
        return true;
    });
    return imported;
}

/// False when it has no row to become.
bool SpoolImport::bring_in(const storage::SpoolClaim& claim) {
    const auto dump = storage::Spool::read(claim);
    if (!dump) {
        quarantine(claim, "not a spooled core dump");
        return false;
    }
    const auto device = parts_.devices.find(dump->device);
    if (!device) {
        quarantine(claim, "unknown device");
        return false;
    }
    if (dump->model_code && *dump->model_code != device->model_code) {
        quarantine(claim, "the device is not of the model that its token named");
        return false;
    }
    const auto place = [&](Timestamp at) {
        return parts_.dumps.store_again(device->key, at, dump->bytes);
    };
    const auto file = place(dump->uploaded_at);
    db::NewCoredump coredump{device->id,
                             file.filename,
                             dump->chip,
                             dump->firmware_version,
                             static_cast<std::int64_t>(dump->bytes.size()),
                             file.stored_at,
                             dump->sha256,
                             dump->idempotency_key,
                             db::Arrival::Late};
    const auto outcome = parts_.recorder.record(device->key, coredump, place, UploadLimit{});
    const auto* row = std::get_if<db::StoredCoredump>(&outcome);
    if (row == nullptr) {
        parts_.dumps.remove(device->key, coredump.filename);
        quarantine(claim, "the device was deleted");
        return false;
    }
    parts_.spool.remove(claim);
    log::info(
        "spooled core dump brought in",
        {{"device", device->key.str()}, {"coredump", row->id}, {"filename", row->filename.str()}});
    return true;
}

void SpoolImport::quarantine(const storage::SpoolClaim& claim, const std::string& reason) {
    parts_.spool.quarantine(claim);
    log::warning("spooled core dump quarantined",
                 {{"file", claim.path.filename().string()}, {"reason", reason}});
}

}  // namespace coredepot::core
