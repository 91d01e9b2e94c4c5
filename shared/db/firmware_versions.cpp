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

constexpr Statement kElfOfVersion{"elf_of_version", R"(
    SELECT elf_sha256 FROM firmware_versions WHERE device_model_id = $1 AND version = $2)"};

// A prefix holds hex digits only, so it needs no escaping for LIKE.
constexpr Statement kBundlesByElf{"bundles_by_elf", R"(
    (SELECT elf_sha256, version, false AS kept FROM firmware_versions
      WHERE device_model_id = $1 AND elf_sha256 LIKE $2 || '%'
      ORDER BY updated_at DESC, id DESC
      LIMIT 2)
    UNION ALL
    (SELECT elf_sha256, version, true FROM kept_elves
      WHERE device_model_id = $1 AND elf_sha256 LIKE $2 || '%'
      ORDER BY needed_at DESC
      LIMIT 2)
    ORDER BY kept)"};

// To the day: a crash loop of an old build is no reason to write a row for each of its core dumps.
constexpr Statement kNoteUse{"note_use_of_elf", R"(
    UPDATE kept_elves SET needed_at = now()
     WHERE device_model_id = $1 AND elf_sha256 = $2 AND needed_at < now() - interval '1 day')"};

constexpr Statement kGiveUp{"give_up_elves", "SELECT give_up_elves($1, $2::integer)"};

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

std::optional<std::string> FirmwareVersions::elf_of(std::int64_t device_model_id,
                                                    const FirmwareVersion& version) {
    const auto rows = database_.session().execute(kElfOfVersion, device_model_id, version.str());
    if (rows.empty()) return std::nullopt;
    return Fields(rows[0]).optional_string();
}

std::vector<BundledElf> FirmwareVersions::find_by_elf(std::int64_t device_model_id,
                                                      const std::string& prefix) {
    std::vector<BundledElf> found;
    for (const auto& row : database_.session().execute(kBundlesByElf, device_model_id, prefix)) {
        Fields fields(row);
        found.push_back({fields.string(), fields.name<FirmwareVersion>(), fields.truth()});
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
