#include "db/firmware_versions.hpp"

#include "db/firmware_statements.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kSetCurrentVersion{"set_current_firmware_version", R"(
    UPDATE device_models
       SET firmware_version = $2, firmware_revision = firmware_revision + 1, updated_at = now()
     WHERE id = $1
    RETURNING firmware_revision)"};

// In the bucket: when a plain image has come in a bundle before, keep that bundle's ELF, because
// core dumps of this very image need it. For folders the use case does this.
constexpr Statement kUpsertVersion{"upsert_firmware_version", R"(
    INSERT INTO firmware_versions AS v (device_model_id, version, elf_sha256, bin_sha256,
                                        revision, bundle_object, image_object)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (device_model_id, version) DO UPDATE
       SET elf_sha256 = CASE WHEN excluded.elf_sha256 IS NULL
                                  AND excluded.image_object IS NOT NULL
                                  AND v.bin_sha256 = excluded.bin_sha256
                             THEN v.elf_sha256 ELSE excluded.elf_sha256 END,
           bundle_object = CASE WHEN excluded.elf_sha256 IS NULL
                                     AND excluded.image_object IS NOT NULL
                                     AND v.bin_sha256 = excluded.bin_sha256
                                THEN v.bundle_object ELSE excluded.bundle_object END,
           bin_sha256 = excluded.bin_sha256, revision = excluded.revision,
           image_object = excluded.image_object, updated_at = now())"};

constexpr Statement kVersion{"firmware_version", R"(
    SELECT version, elf_sha256, bin_sha256, bundle_object, image_object
      FROM firmware_versions WHERE device_model_id = $1 AND version = $2)"};

constexpr Statement kCurrentImageObject{"current_image_object", R"(
    SELECT v.image_object
      FROM device_models m JOIN firmware_versions v
        ON v.device_model_id = m.id AND v.version = m.firmware_version
     WHERE m.code = $1)"};

// Uses the partial index of versions in the bucket.
constexpr Statement kAnyInBucket{"any_firmware_in_bucket", R"(
    SELECT EXISTS (SELECT FROM firmware_versions
                    WHERE device_model_id > 0 AND image_object IS NOT NULL))"};

// A prefix holds hex digits only, so it needs no escaping for LIKE.
constexpr Statement kBundlesByElf{"bundles_by_elf", R"(
    (SELECT elf_sha256, version, false AS kept, bundle_object FROM firmware_versions
      WHERE device_model_id = $1 AND elf_sha256 LIKE $2 || '%'
      ORDER BY updated_at DESC, id DESC
      LIMIT 2)
    UNION ALL
    (SELECT elf_sha256, version, true, bundle_object FROM kept_elves
      WHERE device_model_id = $1 AND elf_sha256 LIKE $2 || '%'
      ORDER BY needed_at DESC
      LIMIT 2)
    ORDER BY kept)"};

// At most once a day: a crash loop of an old build should not write a row for each core dump.
constexpr Statement kNoteUse{"note_use_of_elf", R"(
    UPDATE kept_elves SET needed_at = now()
     WHERE device_model_id = $1 AND elf_sha256 = $2 AND needed_at < now() - interval '1 day')"};

constexpr Statement kGiveUp{"give_up_elves", "SELECT give_up_elves($1, $2::integer)"};

std::optional<FirmwareVersionRecord> first_version(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return FirmwareVersionRecord{fields.name<FirmwareVersion>(), fields.optional_string(),
                                 fields.string(), fields.optional_string(),
                                 fields.optional_string()};
}

}  // namespace

bool FirmwareVersions::record(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                              const std::function<void()>& publish) {
    return record_replacing(device_model_id, record, [&](const auto&) { publish(); });
}

bool FirmwareVersions::record_replacing(std::int64_t device_model_id,
                                        const FirmwareVersionRecord& record,
                                        const Publish& publish) {
    bool known = false;
    database_.session().transact([&](Session::Transaction& transaction) {
        if (record.image_object) transaction.execute(kLockFirmware, device_model_id);
        const auto updated =
            transaction.execute(kSetCurrentVersion, device_model_id, record.version.str());
        known = updated.affected_rows() == 1;
        if (!known) return;
        const auto replaced =
            first_version(transaction.execute(kVersion, device_model_id, record.version.str()));
        transaction.execute(kUpsertVersion, device_model_id, record.version.str(),
                            nullable(record.elf_sha256), record.bin_sha256,
                            Fields(updated[0]).integer(), nullable(record.bundle_object),
                            nullable(record.image_object));
        publish(replaced);
    });
    return known;
}

std::optional<FirmwareVersionRecord> FirmwareVersions::find(std::int64_t device_model_id,
                                                            const FirmwareVersion& version) {
    return first_version(database_.session().execute(kVersion, device_model_id, version.str()));
}

std::optional<std::string> FirmwareVersions::current_image_object(const ModelCode& code) {
    const auto rows = database_.session().execute(kCurrentImageObject, code.str());
    if (rows.empty()) return std::nullopt;
    return Fields(rows[0]).optional_string();
}

bool FirmwareVersions::any_in_bucket() {
    const auto rows = database_.session().execute(kAnyInBucket);
    return Fields(rows[0]).truth();
}

std::vector<BundledElf> FirmwareVersions::find_by_elf(std::int64_t device_model_id,
                                                      const std::string& prefix) {
    std::vector<BundledElf> found;
    for (const auto& row : database_.session().execute(kBundlesByElf, device_model_id, prefix)) {
        Fields fields(row);
        found.push_back({fields.string(), fields.name<FirmwareVersion>(), fields.truth(),
                         fields.optional_string()});
    }
    return found;
}

void FirmwareVersions::note_use(std::int64_t device_model_id, const std::string& elf_sha256) {
    database_.session().execute(kNoteUse, device_model_id, elf_sha256);
}

std::vector<std::string> FirmwareVersions::give_up_elves(std::int64_t device_model_id,
                                                         std::int64_t most) {
    std::vector<std::string> given_up;
    for (const auto& row : database_.session().execute(kGiveUp, device_model_id, most)) {
        given_up.push_back(Fields(row).string());
    }
    return given_up;
}

}  // namespace coredepot::db
