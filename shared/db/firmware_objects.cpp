#include "db/firmware_objects.hpp"

#include "db/firmware_statements.hpp"

namespace coredepot::db {
namespace {

// Like the lock in FirmwareVersions, but by code, because the model may be deleted.
constexpr Statement kLockCode{"lock_firmware_of_code", R"(
    SELECT pg_advisory_xact_lock(hashtextextended('firmware of ' || $1::text, 0)))"};

// All keys that start with the code and a slash: '0' is the character after '/'.
constexpr Statement kDropped{"dropped_firmware_objects", R"(
    SELECT object FROM dropped_firmware_objects
     WHERE (object > 'bundles/' || $1::text || '/' AND object < 'bundles/' || $1 || '0'
            OR object > 'images/' || $1 || '/' AND object < 'images/' || $1 || '0')
       AND dropped_at <= now() - $2::bigint * interval '1 second'
       AND NOT is_firmware_object_named($1, object)
     ORDER BY object)"};

constexpr Statement kNoteDropped{"note_dropped_firmware_object",
                                 "SELECT note_dropped_objects(ARRAY[$1::text])"};

constexpr Statement kModelsWithDropped{"models_with_dropped_firmware_objects", R"(
    SELECT DISTINCT split_part(object, '/', 2) FROM dropped_firmware_objects WHERE object > '')"};

constexpr Statement kNamedObjects{"named_firmware_objects", R"(
    SELECT v.version, o.object, CASE WHEN o.object = v.image_object THEN v.bundle_object END
      FROM device_models m JOIN firmware_versions v ON v.device_model_id = m.id
     CROSS JOIN LATERAL (VALUES (v.bundle_object), (v.image_object)) AS o (object)
     WHERE m.code = $1 AND o.object IS NOT NULL
     UNION
    SELECT k.version, k.bundle_object, NULL
      FROM device_models m JOIN kept_elves k ON k.device_model_id = m.id
     WHERE m.code = $1 AND k.bundle_object IS NOT NULL)"};

constexpr Statement kIsNamed{"is_firmware_object_named", "SELECT is_firmware_object_named($1, $2)"};

constexpr Statement kIsKnown{"is_firmware_object_known", R"(
    SELECT is_firmware_object_named($1, $2)
        OR EXISTS (SELECT FROM dropped_firmware_objects WHERE object = $2))"};

constexpr Statement kModelOfCode{"model_of_code", "SELECT id FROM device_models WHERE code = $1"};

constexpr Statement kHasElf{"model_has_elf", R"(
    SELECT EXISTS (SELECT FROM firmware_versions WHERE device_model_id = $1 AND elf_sha256 = $2)
        OR EXISTS (SELECT FROM kept_elves WHERE device_model_id = $1 AND elf_sha256 = $2))"};

// As if it had been uploaded now: core dumps that ended in ERROR for want of it notice the new
// revision.
constexpr Statement kAdoptVersion{"adopt_firmware_version", R"(
    WITH raised AS (
      UPDATE device_models SET firmware_revision = firmware_revision + 1, updated_at = now()
       WHERE id = $1
      RETURNING id, firmware_revision
    )
    INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256,
                                   bundle_object, image_object, revision)
    SELECT id, $2::text, $3::text, $4::text, $5::text, $6::text, firmware_revision FROM raised
        ON CONFLICT (device_model_id, version) DO NOTHING)"};

constexpr Statement kAdoptElf{"adopt_elf", R"(
    INSERT INTO kept_elves (device_model_id, elf_sha256, version, bundle_object)
    VALUES ($1, $2, $3, $4))"};

}  // namespace

void FirmwareObjects::remove_dropped(const ModelCode& code, std::chrono::seconds age,
                                     const Remove& remove) {
    database_.session().transact([&](Session::Transaction& transaction) {
        transaction.execute(kLockCode, code.str());
        for (const auto& row :
             transaction.execute(kDropped, code.str(), std::int64_t{age.count()})) {
            const auto object = Fields(row).string();
            if (remove(object)) transaction.execute(kForgetDropped, object);
        }
    });
}

void FirmwareObjects::note_dropped(const std::string& object) {
    database_.session().execute(kNoteDropped, object);
}

std::vector<FirmwareObjects::Named> FirmwareObjects::named_of(const ModelCode& code) {
    std::vector<Named> named;
    for (const auto& row : database_.session().execute(kNamedObjects, code.str())) {
        Fields fields(row);
        auto version = fields.name<FirmwareVersion>();
        auto object = fields.string();
        named.push_back({std::move(version), std::move(object), fields.optional_string()});
    }
    return named;
}

bool FirmwareObjects::is_named(const ModelCode& code, const std::string& object) {
    const auto rows = database_.session().execute(kIsNamed, code.str(), object);
    return Fields(rows[0]).truth();
}

bool FirmwareObjects::knows(const ModelCode& code, const std::string& object) {
    const auto rows = database_.session().execute(kIsKnown, code.str(), object);
    return Fields(rows[0]).truth();
}

FirmwareObjects::Adopted FirmwareObjects::adopt(const ModelCode& code,
                                                const FirmwareVersionRecord& record) {
    auto adopted = Adopted::NoModel;
    database_.session().transact([&](Session::Transaction& transaction) {
        transaction.execute(kLockCode, code.str());
        const auto models = transaction.execute(kModelOfCode, code.str());
        if (models.empty()) return;
        const auto model = Fields(models[0]).integer();
        const auto known = transaction.execute(kHasElf, model, nullable(record.elf_sha256));
        if (Fields(known[0]).truth()) {
            adopted = Adopted::NotNeeded;
            return;
        }
        const auto inserted = transaction.execute(
            kAdoptVersion, model, record.version.str(), nullable(record.elf_sha256),
            record.bin_sha256, nullable(record.bundle_object), nullable(record.image_object));
        adopted = inserted.affected_rows() == 1 ? Adopted::Version : Adopted::Kept;
        if (adopted == Adopted::Version) return;
        transaction.execute(kAdoptElf, model, nullable(record.elf_sha256), record.version.str(),
                            nullable(record.bundle_object));
    });
    return adopted;
}

std::optional<std::int64_t> FirmwareObjects::model_of(const ModelCode& code) {
    const auto rows = database_.session().execute(kModelOfCode, code.str());
    if (rows.empty()) return std::nullopt;
    return Fields(rows[0]).integer();
}

bool FirmwareObjects::has_dropped(const ModelCode& code) {
    return !database_.session().execute(kDropped, code.str(), std::int64_t{0}).empty();
}

std::set<ModelCode> FirmwareObjects::models_with_dropped() {
    std::set<ModelCode> codes;
    for (const auto& row : database_.session().execute(kModelsWithDropped)) {
        codes.insert(Fields(row).name<ModelCode>());
    }
    return codes;
}

}  // namespace coredepot::db
