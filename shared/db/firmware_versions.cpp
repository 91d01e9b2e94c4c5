#include "db/firmware_versions.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kSetCurrentVersion{"set_current_firmware_version", R"(
    UPDATE device_models
       SET firmware_version = $2, firmware_revision = firmware_revision + 1, updated_at = now()
     WHERE id = $1
    RETURNING firmware_revision)"};

constexpr Statement kUpsertVersion{"upsert_firmware_version", R"(
    INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256, revision)
    VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (device_model_id, version) DO UPDATE
       SET elf_sha256 = excluded.elf_sha256, bin_sha256 = excluded.bin_sha256,
           revision = excluded.revision, updated_at = now())"};

// A prefix holds hex digits only, so it needs no escaping for LIKE.
constexpr Statement kVersionByElf{"firmware_version_by_elf", R"(
    SELECT version FROM firmware_versions
     WHERE device_model_id = $1 AND elf_sha256 LIKE $2 || '%'
     ORDER BY updated_at DESC, id DESC
     LIMIT 1)"};

}  // namespace

bool FirmwareVersions::record(std::int64_t device_model_id, const FirmwareVersionRecord& record,
                              const std::function<void()>& publish) {
    bool known = false;
    database_.session().transact([&](Session::Transaction& transaction) {
        const auto updated =
            transaction.execute(kSetCurrentVersion, device_model_id, record.version.str());
        known = updated.affected_rows() == 1;
        if (!known) return;
        transaction.execute(kUpsertVersion, device_model_id, record.version.str(),
                            nullable(record.elf_sha256), record.bin_sha256,
                            Fields(updated[0]).integer());
        publish();
    });
    return known;
}

std::optional<FirmwareVersion> FirmwareVersions::find_by_elf(std::int64_t device_model_id,
                                                             const std::string& prefix) {
    const auto rows = database_.session().execute(kVersionByElf, device_model_id, prefix);
    if (rows.empty()) return std::nullopt;
    return Fields(rows[0]).name<FirmwareVersion>();
}

}  // namespace coredepot::db
