#include "db/model_versions.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

// Looks up devices that run a version and crashed with it among those that crashed with it.
constexpr Statement kVersionsOfModel{"list_model_versions", R"(
    WITH waiting AS MATERIALIZED (
      SELECT c.firmware_version AS version, count(*) AS coredumps
        FROM coredumps c
       WHERE c.awaits_firmware_since IS NOT NULL
         AND (SELECT d.device_model_id FROM devices d WHERE d.id = c.device_id) = $1
       GROUP BY c.firmware_version
    ), running AS MATERIALIZED (
      SELECT r.version, r.devices FROM running_versions r WHERE r.device_model_id = $1
    ), known AS (
      SELECT v.id, v.version, v.epoch, v.sort_key, v.uploaded_at, v.devices, v.occurrences
        FROM model_versions v WHERE v.device_model_id = $1
      UNION ALL
      SELECT 0, o.version, 2147483647, version_sort_key(o.version), NULL, 0, 0
        FROM (SELECT version FROM waiting UNION SELECT version FROM running) AS o
       WHERE NOT EXISTS (SELECT FROM model_versions v
                          WHERE v.device_model_id = $1 AND v.version = o.version)
    )
    SELECT k.version, microseconds(k.uploaded_at), k.devices, k.occurrences,
           (SELECT count(*) FROM issues i WHERE i.new_version_id = k.id),
           (SELECT count(*) FROM issues i WHERE i.regressed_version_id = k.id),
           (SELECT count(*) FROM issue_fixes f WHERE f.version_id = k.id),
           coalesce((SELECT w.coredumps FROM waiting w WHERE w.version = k.version), 0),
           CASE WHEN EXISTS (SELECT FROM running)
                THEN coalesce((SELECT r.devices FROM running r WHERE r.version = k.version), 0) END,
           CASE WHEN EXISTS (SELECT FROM running)
                THEN coalesce((SELECT r.devices FROM running r WHERE r.version = k.version), 0)
                     - (SELECT count(*) FROM version_devices x JOIN devices d ON d.id = x.device_id
                         WHERE x.version_id = k.id AND d.running_version = k.version) END
      FROM known k
     ORDER BY k.epoch, k.sort_key NULLS LAST, k.id, k.version)"};

}  // namespace

std::vector<ModelVersion> ModelVersions::of_model(std::int64_t device_model_id) {
    std::vector<ModelVersion> versions;
    for (const auto& row : database_.session().execute(kVersionsOfModel, device_model_id)) {
        Fields fields(row);
        versions.push_back({fields.string(), fields.optional_timestamp(), fields.integer(),
                            fields.integer(), fields.integer(), fields.integer(), fields.integer(),
                            fields.integer(), fields.optional_integer(),
                            fields.optional_integer()});
    }
    return versions;
}

}  // namespace coredepot::db
