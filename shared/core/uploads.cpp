#include "core/uploads.hpp"

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "log.hpp"

namespace coredepot::core {
namespace {

std::string require_parameter(const std::optional<std::string>& value, const std::string& name) {
    if (!value || value->empty()) {
        throw ValidationFailed("Missing required query parameter: " + name);
    }
    return *value;
}

template <class Name>
Name require_wellformed(const std::string& value, const std::string& name) {
    if (auto parsed = Name::parse(value)) return *parsed;
    throw ValidationFailed("Invalid query parameter: " + name);
}

/// Refuses the upload when `wait` is not zero.
void require_budget(const Device& device, std::chrono::microseconds wait) {
    if (wait == std::chrono::microseconds(0)) return;
    log::warning("core dump refused: the device uploads too many", {{"device", device.key.str()}});
    throw RateLimited("The device uploads too many core dumps", wait);
}

}  // namespace

Uploads::Accepted Uploads::accept(const DeviceReference& reference,
                                  const std::optional<std::string>& chip,
                                  const std::optional<std::string>& firmware_version,
                                  const ReadBody& read_body) {
    const auto chip_text = require_parameter(chip, "chip");
    const auto version_text = require_parameter(firmware_version, "firmware_version");
    const auto good_chip = require_wellformed<Chip>(chip_text, "chip");
    const auto good_version = require_wellformed<FirmwareVersion>(version_text, "firmware_version");
    const auto device = require_device(devices_, reference);
    if (!store_) throw InvalidOperation("upload coredump", "COREDUMPS_DIR is not configured");
    const auto body = read_body();
    if (body.empty()) throw ValidationFailed("No coredump content provided");

    // Looked at before anything is written, so that abuse costs no disk; decided below, under the
    // device's lock, where parallel uploads are counted too.
    require_budget(device, limit_.wait(device.until_upload_budget_full));

    // The file first, then the row: a crash in between leaves an orphan, never a row without a
    // file.
    const auto file = store_->store(device.key, now(), body);
    db::StoredCoredump row;
    try {
        row = record(device, {device.id, file.filename, good_chip, good_version,
                              static_cast<std::int64_t>(body.size()), file.stored_at});
    } catch (const db::Unavailable& lost) {
        // The row may have been committed: then its file must be there. The sweep finds out.
        if (!lost.in_doubt()) store_->remove(device.key, file.filename);
        throw;
    } catch (...) {
        store_->remove(device.key, file.filename);
        throw;
    }
    counters_.record(metrics::Event::CoredumpEvicted, row.evicted.size());
    for (const auto& evicted : row.evicted) store_->remove(device.key, evicted);
    return {row.id, file.filename};
}

/// Throws when there is no row in the end.
db::StoredCoredump Uploads::record(const Device& device, const db::NewCoredump& coredump) {
    auto outcome = insert(coredump);
    if (std::holds_alternative<db::DeviceGone>(outcome)) {
        throw NotFound("Device", device.key.str());
    }
    if (const auto* over = std::get_if<db::OverLimit>(&outcome)) require_budget(device, over->wait);
    return std::get<db::StoredCoredump>(std::move(outcome));
}

db::StoreOutcome Uploads::insert(const db::NewCoredump& coredump) {
    try {
        return coredumps_.store(coredump, keep_, limit_);
    } catch (const db::Unavailable& lost) {
        if (!lost.in_doubt()) throw;
        log::warning("connection lost while a core dump was recorded; asking again",
                     {{"error", lost.what()}});
    }
    try {
        // Finds the row if the first call made it.
        return coredumps_.store(coredump, keep_, limit_);
    } catch (const db::Unavailable& lost) {
        throw db::Unavailable(lost.what(), true);
    }
}

}  // namespace coredepot::core
