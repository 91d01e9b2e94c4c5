#include "db/devices.hpp"

#include "db/session.hpp"
#include "db/text_array.hpp"
#include "domain/page.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kAllDevices{"all_devices", R"(
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           microseconds(d.last_coredump_at) AS last_coredump_at, d.client_id,
           d.running_version, microseconds(d.running_seen_at) AS running_seen_at
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.id > $1
     ORDER BY d.id
     LIMIT $2::bigint)"};

constexpr Statement kDevicesOfModel{"devices_of_model", R"(
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           microseconds(d.last_coredump_at) AS last_coredump_at, d.client_id,
           d.running_version, microseconds(d.running_seen_at) AS running_seen_at
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.device_model_id = $3 AND d.id > $1
     ORDER BY d.id
     LIMIT $2::bigint)"};

constexpr Statement kDevicesSearched{"devices_searched", R"(
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           microseconds(d.last_coredump_at) AS last_coredump_at, d.client_id,
           d.running_version, microseconds(d.running_seen_at) AS running_seen_at
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE (d.key || ' ' || coalesce(d.device_name, '')) ILIKE containing($3) AND d.id > $1
       AND ($4::bigint IS NULL OR d.device_model_id = $4)
     ORDER BY d.id
     LIMIT $2::bigint)"};

constexpr Statement kDeviceById{"device_by_id", R"(
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           microseconds(d.last_coredump_at) AS last_coredump_at, d.client_id,
           d.running_version, microseconds(d.running_seen_at) AS running_seen_at
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.id = $1)"};

constexpr Statement kDeviceByKey{"device_by_key", R"(
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           microseconds(d.last_coredump_at) AS last_coredump_at, d.client_id,
           CASE
             -- The clock was set back: see record_coredump.
             WHEN d.last_coredump_at > clock_timestamp() + interval '5 seconds' THEN 0
             ELSE (extract(epoch FROM greatest(d.upload_budget_full_at - clock_timestamp(),
                                               interval '0')) * 1000000)::bigint
           END AS until_upload_budget_full,
           m.firmware_version
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.key = $1)"};

constexpr Statement kDeviceByClient{"device_by_client", R"(
    SELECT d.key, m.code
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.client_id = $1)"};

// Both halves read the first entry of an index: IDs are positive, and keys are not empty.
constexpr Statement kAnyDevice{"any_device", R"(
    SELECT EXISTS (SELECT FROM devices WHERE id > 0)
           OR EXISTS (SELECT FROM deleted_coredumps WHERE device_key > ''))"};

constexpr Statement kInsertDevice{"insert_device", R"(
    WITH inserted AS (
      INSERT INTO devices (device_model_id, key, device_name, client_id) VALUES ($1, $2, $3, $4)
          ON CONFLICT (key) DO NOTHING
      RETURNING id, key, device_model_id, device_name, client_id
    )
    SELECT i.id, i.key, i.device_model_id, m.code AS model_code, i.device_name,
           NULL::bigint AS last_coredump_at, i.client_id,
           NULL AS running_version, NULL::bigint AS running_seen_at
      FROM inserted i JOIN device_models m ON m.id = i.device_model_id)"};

constexpr Statement kInsertDevices{"insert_devices", R"(
    INSERT INTO devices (device_model_id, key)
    SELECT m.id, made.key
      FROM unnest($1::text[], $2::text[]) AS made (key, model_code)
      JOIN device_models m ON m.code = made.model_code
        ON CONFLICT (key) DO NOTHING
    RETURNING key)"};

constexpr Statement kChangeDevice{"change_device", R"(
    UPDATE devices d
       SET device_name = CASE WHEN $2::boolean THEN $3::text ELSE d.device_name END,
           client_id = CASE WHEN $4::boolean THEN $5::text ELSE d.client_id END,
           updated_at = now()
      FROM device_models m
     WHERE d.id = $1 AND m.id = d.device_model_id
    RETURNING d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
              microseconds(d.last_coredump_at) AS last_coredump_at, d.client_id,
              d.running_version, microseconds(d.running_seen_at) AS running_seen_at)"};

constexpr Statement kNoteRunning{"note_running_version", R"(
    UPDATE devices SET running_version = $2, running_seen_at = now()
     WHERE id = $1
       AND (running_version IS DISTINCT FROM $2
            OR running_seen_at NOT BETWEEN now() - interval '1 day' AND now()))"};

/// Selects by device: with `object IS NOT NULL` the planner might take the index of all objects.
constexpr Statement kObjectsOfDevice{"objects_of_device", R"(
    SELECT object FROM coredumps WHERE device_id = $1 AND coalesce(object, '') <> '' LIMIT 1000)"};

constexpr Statement kDeleteDevice{"delete_device",
                                  "DELETE FROM devices WHERE id = $1 RETURNING key"};

Device to_device(Fields& fields) {
    return {fields.integer(),
            fields.name<DeviceKey>(),
            fields.integer(),
            fields.name<ModelCode>(),
            fields.optional_string(),
            fields.optional_timestamp(),
            fields.optional_name<ClientId>()};
}

Device to_device(const pqxx::row& row) {
    Fields fields(row);
    auto device = to_device(fields);
    device.running_version = fields.optional_name<FirmwareVersion>();
    device.running_seen_at = fields.optional_timestamp();
    return device;
}

std::optional<std::string> text(const std::optional<ClientId>& client) {
    if (!client) return std::nullopt;
    return client->str();
}

std::optional<Device> first_device(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return to_device(rows[0]);
}

}  // namespace

std::vector<Device> Devices::list(const DeviceSelection& selection) {
    auto& session = database_.session();
    const auto limit = selection.limit.value_or(kMaxPageRows);
    std::optional<std::string> model;
    if (selection.device_model_id) model = std::to_string(*selection.device_model_id);
    const auto rows =
        selection.text ? session.execute(kDevicesSearched, selection.after, limit, *selection.text,
                                         nullable(model))
        : selection.device_model_id
            ? session.execute(kDevicesOfModel, selection.after, limit, *selection.device_model_id)
            : session.execute(kAllDevices, selection.after, limit);
    std::vector<Device> devices;
    for (const auto& row : rows) devices.push_back(to_device(row));
    return devices;
}

std::optional<Device> Devices::find(std::int64_t id) {
    return first_device(database_.session().execute(kDeviceById, id));
}

std::optional<Device> Devices::find(const DeviceKey& key) {
    const auto rows = database_.session().execute(kDeviceByKey, key.str());
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    auto device = to_device(fields);
    device.until_upload_budget_full = std::chrono::microseconds(fields.integer());
    device.firmware_version = fields.optional_name<FirmwareVersion>();
    return device;
}

bool Devices::any() {
    const auto rows = database_.session().execute(kAnyDevice);
    return Fields(rows[0]).truth();
}

Devices::Inserted Devices::insert(std::int64_t device_model_id, const DeviceKey& key,
                                  const std::optional<std::string>& device_name,
                                  const std::optional<ClientId>& client) {
    const auto client_id = text(client);
    try {
        auto device = first_device(database_.session().execute(
            kInsertDevice, device_model_id, key.str(), nullable(device_name), nullable(client_id)));
        const auto outcome = device ? Insertion::Inserted : Insertion::KeyTaken;
        return {outcome, std::move(device)};
    } catch (const pqxx::foreign_key_violation&) {
        return {Insertion::UnknownModel, std::nullopt};
    } catch (const pqxx::unique_violation&) {
        return {Insertion::ClientTaken, std::nullopt};
    }
}

std::vector<DeviceKey> Devices::insert_all(const std::vector<KeyAndModel>& devices) {
    TextArray keys;
    TextArray model_codes;
    for (const auto& device : devices) {
        keys.add(device.key.str());
        model_codes.add(device.model_code.str());
    }
    std::vector<DeviceKey> made;
    for (const auto& row :
         database_.session().execute(kInsertDevices, keys.str(), model_codes.str())) {
        made.push_back(Fields(row).name<DeviceKey>());
    }
    return made;
}

std::optional<DeviceReference> Devices::find_client(const ClientId& client) {
    const auto rows = database_.session().execute(kDeviceByClient, client.str());
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return DeviceReference{fields.name<DeviceKey>().str(), fields.name<ModelCode>()};
}

std::variant<std::optional<Device>, Devices::ClientTaken> Devices::change(
    std::int64_t id, const DeviceChange& change) {
    const auto name = change.device_name.value_or(std::nullopt);
    const auto client_id = text(change.client_id.value_or(std::nullopt));
    try {
        return first_device(database_.session().execute(
            kChangeDevice, id, change.device_name.has_value(), nullable(name),
            change.client_id.has_value(), nullable(client_id)));
    } catch (const pqxx::unique_violation&) {
        return ClientTaken{};
    }
}

bool Devices::note_running(std::int64_t id, const FirmwareVersion& version) {
    return database_.session().execute(kNoteRunning, id, version.str()).affected_rows() == 1;
}

std::vector<std::string> Devices::objects_of(std::int64_t id) {
    std::vector<std::string> objects;
    for (const auto& row : database_.session().execute(kObjectsOfDevice, id)) {
        objects.push_back(Fields(row).string());
    }
    return objects;
}

std::optional<DeviceKey> Devices::remove(std::int64_t id) {
    const auto rows = database_.session().execute(kDeleteDevice, id);
    if (rows.empty()) return std::nullopt;
    return Fields(rows[0]).name<DeviceKey>();
}

}  // namespace coredepot::db
