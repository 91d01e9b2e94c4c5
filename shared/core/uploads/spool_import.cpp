#include "core/uploads/spool_import.hpp"

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
    const DumpLabel label{dump->chip, dump->firmware_version, dump->model_code,
                          dump->idempotency_key};
    const auto place = [&](const Device& device, Timestamp at) {
        return parts_.dumps.store_again(
            device.key, at, dump->bytes,
            {label.chip, label.firmware_version, device.model_code, label.idempotency_key});
    };
    const auto outcome =
        parts_.rows.make({dump->device, label, dump->uploaded_at,
                          static_cast<std::int64_t>(dump->bytes.size()), dump->sha256},
                         place);
    const auto* row = std::get_if<LateRow>(&outcome);
    if (row == nullptr) {
        const auto& none = std::get<NoRow>(outcome);
        if (none.placed) parts_.dumps.remove(dump->device, *none.placed);
        quarantine(claim, none.reason);
        return false;
    }
    parts_.spool.remove(claim);
    log::info(
        "spooled core dump brought in",
        {{"device", dump->device.str()}, {"coredump", row->id}, {"filename", row->filename.str()}});
    return true;
}

void SpoolImport::quarantine(const storage::SpoolClaim& claim, const std::string& reason) {
    parts_.spool.quarantine(claim);
    parts_.counters.record(metrics::Event::CoredumpQuarantined);
    log::warning("spooled core dump quarantined",
                 {{"file", claim.path.filename().string()}, {"reason", reason}});
}

}  // namespace coredepot::core
