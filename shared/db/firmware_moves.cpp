#include "db/firmware_moves.hpp"

#include "db/firmware_statements.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kModelsById{"models_by_id", "SELECT id, code FROM device_models ORDER BY id"};

constexpr Statement kVersionsToMove{"versions_to_move", R"(
    SELECT v.version, v.elf_sha256, v.bin_sha256, v.bundle_object, v.image_object,
           v.version IS NOT DISTINCT FROM m.firmware_version
      FROM firmware_versions v JOIN device_models m ON m.id = v.device_model_id
     WHERE m.id = $1
     ORDER BY v.id)"};

constexpr Statement kKeptToMove{"kept_elves_to_move", R"(
    SELECT elf_sha256, bundle_object FROM kept_elves WHERE device_model_id = $1 ORDER BY elf_sha256)"};

// Keeps the current version fixed: an upload of firmware into a folder takes only this lock.
constexpr Statement kKeepCurrent{"keep_current_version",
                                 "SELECT id FROM device_models WHERE id = $1 FOR NO KEY UPDATE"};

constexpr Statement kPointVersion{"point_version_to_copy", R"(
    UPDATE firmware_versions v SET bundle_object = $8, image_object = $9
      FROM device_models m
     WHERE m.id = $1 AND v.device_model_id = m.id AND v.version = $2
       AND v.elf_sha256 IS NOT DISTINCT FROM $3 AND v.bin_sha256 = $4
       AND v.bundle_object IS NOT DISTINCT FROM $5 AND v.image_object IS NOT DISTINCT FROM $6
       AND (v.version IS NOT DISTINCT FROM m.firmware_version) = $7
    RETURNING v.id)"};

constexpr Statement kPointKept{"point_kept_elf_to_copy", R"(
    UPDATE kept_elves SET bundle_object = $4
     WHERE device_model_id = $1 AND elf_sha256 = $2 AND bundle_object IS NOT DISTINCT FROM $3
    RETURNING elf_sha256)"};

/// Forgets a note to remove the object, because a row now names it.
void forget_dropped(Session::Transaction& transaction, const std::optional<std::string>& object) {
    if (object) transaction.execute(kForgetDropped, *object);
}

}  // namespace

std::vector<FirmwareMoves::Model> FirmwareMoves::models() {
    std::vector<Model> models;
    for (const auto& row : database_.session().execute(kModelsById)) {
        Fields fields(row);
        models.push_back({fields.integer(), fields.name<ModelCode>()});
    }
    return models;
}

std::vector<FirmwareMoves::Version> FirmwareMoves::versions_of(std::int64_t model) {
    std::vector<Version> versions;
    for (const auto& row : database_.session().execute(kVersionsToMove, model)) {
        Fields fields(row);
        versions.push_back({{fields.name<FirmwareVersion>(), fields.optional_string(),
                             fields.string(), fields.optional_string(), fields.optional_string()},
                            fields.truth()});
    }
    return versions;
}

std::vector<FirmwareMoves::Kept> FirmwareMoves::kept_of(std::int64_t model) {
    std::vector<Kept> kept;
    for (const auto& row : database_.session().execute(kKeptToMove, model)) {
        Fields fields(row);
        kept.push_back({fields.string(), fields.optional_string()});
    }
    return kept;
}

bool FirmwareMoves::point(std::int64_t model, const Version& from,
                          const std::optional<std::string>& bundle_object,
                          const std::optional<std::string>& image_object,
                          const std::function<void()>& publish) {
    bool pointed = false;
    database_.session().transact([&](Session::Transaction& transaction) {
        transaction.execute(kLockFirmware, model);
        transaction.execute(kKeepCurrent, model);
        const auto& row = from.row;
        pointed =
            !transaction
                 .execute(kPointVersion, model, row.version.str(), nullable(row.elf_sha256),
                          row.bin_sha256, nullable(row.bundle_object), nullable(row.image_object),
                          from.is_current, nullable(bundle_object), nullable(image_object))
                 .empty();
        if (!pointed) return;
        forget_dropped(transaction, bundle_object);
        forget_dropped(transaction, image_object);
        publish();
    });
    return pointed;
}

bool FirmwareMoves::point(std::int64_t model, const Kept& from,
                          const std::optional<std::string>& bundle_object,
                          const std::function<void()>& publish) {
    bool pointed = false;
    database_.session().transact([&](Session::Transaction& transaction) {
        transaction.execute(kLockFirmware, model);
        pointed = !transaction
                       .execute(kPointKept, model, from.elf_sha256, nullable(from.bundle_object),
                                nullable(bundle_object))
                       .empty();
        if (!pointed) return;
        forget_dropped(transaction, bundle_object);
        publish();
    });
    return pointed;
}

}  // namespace coredepot::db
