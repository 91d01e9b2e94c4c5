#include "db/inventory.hpp"

#include "db/session.hpp"
#include "db/text_array.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kCoredumpsOf{"coredumps_of_devices", R"(
    SELECT d.key, c.filename, c.file_expired_at IS NOT NULL,
           c.file_expired_at IS NOT NULL
           AND EXISTS (SELECT FROM expired_files e WHERE e.coredump_id = c.id)
      FROM devices d LEFT JOIN coredumps c ON c.device_id = d.id AND c.object IS NULL
     WHERE d.key = ANY ($1::text[]))"};

constexpr Statement kLabelsOf{"labels_of_devices", R"(
    SELECT d.key, c.filename, c.chip, c.firmware_version, m.code, c.idempotency_key
      FROM devices d
      JOIN device_models m ON m.id = d.device_model_id
      JOIN coredumps c ON c.device_id = d.id
     WHERE d.key = ANY ($1::text[]) AND c.object IS NULL)"};

constexpr Statement kDevicesWithCoredumps{"devices_with_coredumps", R"(
    SELECT key FROM devices d
     WHERE key > $1 AND EXISTS (SELECT FROM coredumps c WHERE c.device_id = d.id AND c.object IS NULL)
     ORDER BY key
     LIMIT 1000)"};

constexpr Statement kVersionsOf{"versions_of_model", R"(
    SELECT v.version, v.elf_sha256 IS NOT NULL AND v.bundle_object IS NULL AS bundled,
           v.version IS NOT DISTINCT FROM m.firmware_version AND v.image_object IS NULL AS current
      FROM firmware_versions v JOIN device_models m ON m.id = v.device_model_id
     WHERE m.code = $1)"};

constexpr Statement kKeptElvesOf{"kept_elves_of_model", R"(
    SELECT k.elf_sha256 FROM kept_elves k JOIN device_models m ON m.id = k.device_model_id
     WHERE m.code = $1 AND k.bundle_object IS NULL)"};

constexpr Statement kModelCodes{"model_codes", "SELECT code FROM device_models"};

}  // namespace

std::map<DeviceKey, Inventory::Files> Inventory::coredumps_of(
    const std::vector<DeviceKey>& devices) {
    std::map<DeviceKey, Files> coredumps;
    for (const auto& row : database_.session().execute(kCoredumpsOf, TextArray(devices).str())) {
        Fields fields(row);
        auto& files = coredumps[fields.name<DeviceKey>()];
        const auto filename = fields.optional_name<DumpFilename>();
        const bool has_expired = fields.truth();
        const bool is_listed = fields.truth();
        if (!filename) continue;
        const auto gone = is_listed ? File::Expiring : File::Expired;
        files.emplace(*filename, has_expired ? gone : File::Kept);
    }
    return coredumps;
}

std::map<DeviceKey, std::map<DumpFilename, DumpLabel>> Inventory::labels_of(
    const std::vector<DeviceKey>& devices) {
    std::map<DeviceKey, std::map<DumpFilename, DumpLabel>> labels;
    for (const auto& row : database_.session().execute(kLabelsOf, TextArray(devices).str())) {
        Fields fields(row);
        auto& of_device = labels[fields.name<DeviceKey>()];
        auto filename = fields.name<DumpFilename>();
        auto chip = fields.name<Chip>();
        auto version = fields.name<FirmwareVersion>();
        auto model_code = fields.name<ModelCode>();
        of_device.emplace(std::move(filename),
                          DumpLabel{std::move(chip), std::move(version), std::move(model_code),
                                    fields.optional_name<IdempotencyKey>()});
    }
    return labels;
}

std::vector<DeviceKey> Inventory::devices_with_coredumps(const std::string& after) {
    std::vector<DeviceKey> devices;
    for (const auto& row : database_.session().execute(kDevicesWithCoredumps, after)) {
        devices.push_back(Fields(row).name<DeviceKey>());
    }
    return devices;
}

std::vector<Inventory::Version> Inventory::versions_of(const ModelCode& code) {
    std::vector<Version> versions;
    for (const auto& row : database_.session().execute(kVersionsOf, code.str())) {
        Fields fields(row);
        versions.push_back({fields.name<FirmwareVersion>(), fields.truth(), fields.truth()});
    }
    return versions;
}

std::set<std::string> Inventory::kept_elves_of(const ModelCode& code) {
    std::set<std::string> elves;
    for (const auto& row : database_.session().execute(kKeptElvesOf, code.str())) {
        elves.insert(Fields(row).string());
    }
    return elves;
}

std::set<ModelCode> Inventory::models() {
    std::set<ModelCode> codes;
    for (const auto& row : database_.session().execute(kModelCodes)) {
        codes.insert(Fields(row).name<ModelCode>());
    }
    return codes;
}

}  // namespace coredepot::db
