#include "db/device_models.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kModels{"device_models", R"(
    SELECT id, code, name, firmware_version, device_count FROM device_models
     WHERE code > coalesce($1, '')
     ORDER BY code
     LIMIT $2::bigint)"};

constexpr Statement kModelById{"device_model_by_id", R"(
    SELECT id, code, name, firmware_version, device_count FROM device_models WHERE id = $1)"};

constexpr Statement kModelByCode{"device_model_by_code", R"(
    SELECT id, code, name, firmware_version, device_count FROM device_models WHERE code = $1)"};

constexpr Statement kInsertModel{"insert_device_model", R"(
    INSERT INTO device_models (code, name) VALUES ($1, $2)
        ON CONFLICT (code) DO NOTHING
    RETURNING id, code, name, firmware_version, device_count)"};

constexpr Statement kRenameModel{"rename_device_model", R"(
    UPDATE device_models SET name = $2, updated_at = now() WHERE id = $1
    RETURNING id, code, name, firmware_version, device_count)"};

constexpr Statement kDeleteModel{"delete_device_model", "DELETE FROM device_models WHERE id = $1"};

DeviceModel to_model(const pqxx::row& row) {
    Fields fields(row);
    return {fields.integer(), fields.name<ModelCode>(), fields.string(),
            fields.optional_name<FirmwareVersion>(), fields.integer()};
}

std::optional<DeviceModel> first_model(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return to_model(rows[0]);
}

}  // namespace

std::vector<DeviceModel> DeviceModels::list(const std::optional<ModelCode>& after,
                                            std::int64_t limit) {
    std::vector<DeviceModel> models;
    const auto* code = after ? after->str().c_str() : nullptr;
    for (const auto& row : database_.session().execute(kModels, code, limit)) {
        models.push_back(to_model(row));
    }
    return models;
}

std::optional<DeviceModel> DeviceModels::find(std::int64_t id) {
    return first_model(database_.session().execute(kModelById, id));
}

std::optional<DeviceModel> DeviceModels::find(const ModelCode& code) {
    return first_model(database_.session().execute(kModelByCode, code.str()));
}

std::optional<DeviceModel> DeviceModels::insert(const ModelCode& code, const std::string& name) {
    return first_model(database_.session().execute(kInsertModel, code.str(), name));
}

std::optional<DeviceModel> DeviceModels::rename(std::int64_t id, const std::string& name) {
    return first_model(database_.session().execute(kRenameModel, id, name));
}

DeviceModels::Removal DeviceModels::remove(std::int64_t id) {
    try {
        const auto result = database_.session().execute(kDeleteModel, id);
        return result.affected_rows() == 0 ? Removal::Unknown : Removal::Removed;
    } catch (const pqxx::foreign_key_violation&) {
        return Removal::InUse;
    }
}

}  // namespace coredepot::db
