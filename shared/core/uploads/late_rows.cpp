#include "core/uploads/late_rows.hpp"

#include "core/forgotten_database.hpp"

namespace coredepot::core {

std::variant<LateRow, NoRow> LateRows::make(const LateDump& dump, const Place& place) {
    auto device = devices_.find(dump.device);
    if (!device) {
        if (is_forgotten(devices_, files_)) throw ForgottenDatabase();
        device = devices_.find(dump.device);  // the devices may have been made again
        if (!device) return NoRow{NoRow::kUnknownDevice};
    }
    if (dump.label.model_code && *dump.label.model_code != device->model_code) {
        return NoRow{NoRow::kOtherModel};
    }
    const auto place_of_device = [&](Timestamp at) { return place(*device, at); };
    const auto file = place_of_device(dump.uploaded_at);
    db::NewCoredump coredump{
        device->id,        file.filename,  dump.label.chip, dump.label.firmware_version,
        dump.size,         file.stored_at, dump.sha256,     dump.label.idempotency_key,
        db::Arrival::Late, file.object};
    const auto outcome = recorder_.record(device->key, coredump, place_of_device, UploadLimit{});
    if (const auto* row = std::get_if<db::StoredCoredump>(&outcome)) {
        return LateRow{row->id, row->file, row->file != coredump.file()};
    }
    return NoRow{NoRow::kDeviceDeleted, coredump.file()};
}

}  // namespace coredepot::core
