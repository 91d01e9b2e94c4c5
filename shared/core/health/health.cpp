#include "core/health/health.hpp"

#include "core/forgotten_database.hpp"
#include "db/alert_targets.hpp"
#include "db/kept_files.hpp"
#include "log.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {
namespace {

using storage::FolderState;
using Status = Health::Status;

/// Room for that many uploads at once, each of the largest size and each its device's first: a file
/// and a folder. A record in the spool is a little larger than its core dump.
constexpr storage::Room room_for(std::uint64_t uploads) {
    return {uploads * storage::kMaxRecordBytes, 2 * uploads};
}
constexpr std::uint64_t kAFewUploads = 16;

Status judge(const Health& health) {
    // With a bucket, this folder only has older core dumps.
    const bool has_bucket = health.state_dir.has_value();
    const auto coredumps_dir = health.coredumps_dir.value_or(FolderState::Usable);
    if (health.database != Health::Database::Ok ||
        (!has_bucket && coredumps_dir != FolderState::Usable) ||
        health.state_dir.value_or(FolderState::Usable) != FolderState::Usable ||
        health.assets_dir == FolderState::Unavailable) {
        return Status::Unavailable;
    }
    // Without room for new firmware, devices still get the current one, and core dumps are still
    // accepted. They would be lost if this server went out of service.
    if (health.assets_dir != FolderState::Usable) return Status::Degraded;
    // Other servers have the same issuer, so a client is no better off there.
    if (health.tokens == Health::Tokens::OldKeys || health.tokens == Health::Tokens::NoKeys) {
        return Status::Degraded;
    }
    // The same goes for the store. Besides, uploads are spooled here.
    if (health.store == Health::Store::Unavailable || coredumps_dir == FolderState::Unavailable) {
        return Status::Degraded;
    }
    return health.spool == Health::Spool::Full ? Status::Degraded : Status::Ok;
}

std::optional<Health::Spool> judge(const storage::SpoolState& state, std::uint64_t max_bytes) {
    if (max_bytes == 0) return std::nullopt;
    if (state.bytes() + storage::kMaxRecordBytes > max_bytes) return Health::Spool::Full;
    return state.waiting.files == 0 ? Health::Spool::Empty : Health::Spool::Waiting;
}

/// While the store is away, a database without devices may just be new; and /health already reports
/// the store.
bool forgets(db::Database& database, const Config& config, Health::Store store) {
    try {
        db::Devices devices(database);
        const auto files = store == Health::Store::Unavailable
                               ? DumpFiles(storage::dump_store(config.coredumps_dir))
                               : dump_files(config);
        return has_forgotten(devices, files).value_or(false);
    } catch (const std::exception& error) {
        log::error("cannot ask for devices", {{"error", error.what()}});
        return false;
    }
}

Health::Database state_of(db::Database& database, const Config& config, Health::Store store) {
    if (!database.is_available()) return Health::Database::Unavailable;
    if (config.spool_dir() && forgets(database, config, store)) return Health::Database::Forgotten;
    return Health::Database::Ok;
}

Health::Alerts state_of_alerts(db::Database& database) {
    try {
        const auto fail = db::do_alerts_fail(database);
        if (!fail) return Health::Alerts::None;
        return *fail ? Health::Alerts::Failing : Health::Alerts::Ok;
    } catch (const std::exception& error) {
        log::error("cannot ask for alert targets", {{"error", error.what()}});
        return Health::Alerts::None;
    }
}

Health::Retention retention_of(db::Database& database, const FileLimits& limits) {
    using Retention = Health::Retention;
    if (!limits.max_bytes && limits.min_free_percent == 0) return Retention::Unlimited;
    try {
        return db::KeptFiles(database).state().unmet_limit ? Retention::Unmet : Retention::Met;
    } catch (const std::exception& error) {
        log::error("cannot ask for the limits of retention", {{"error", error.what()}});
        return Retention::Met;
    }
}

}  // namespace

Health check_health(db::Database& database, const Config& config, Health::Tokens tokens,
                    Health::Store store) {
    Health health;
    health.tokens = tokens;
    health.store = store;
    health.database = state_of(database, config, store);
    if (health.database != Health::Database::Unavailable) {
        health.alerts = state_of_alerts(database);
    }
    if (config.coredumps_dir) {
        health.coredumps_dir = storage::folder_state(*config.coredumps_dir, room_for(kAFewUploads));
    }
    if (const auto folder = config.spool_dir()) {
        if (config.s3) health.state_dir = storage::folder_state(*folder, room_for(kAFewUploads));
        const auto spool = storage::Spool(*folder, config.spool_max_bytes).state();
        health.quarantine = spool.quarantined.files > 0;
        health.spool = judge(spool, config.spool_max_bytes);
        if (health.database == Health::Database::Ok) {
            health.retention = retention_of(database, config.file_limits);
        }
    }
    // The bundle, the flat image, and the image for devices. A new model takes two more folders.
    constexpr std::uint64_t kCopies = 3;
    constexpr std::uint64_t kFolders = 2;
    health.assets_dir = storage::folder_state(
        config.assets_dir, {kCopies * config.max_firmware_bytes, kCopies + kFolders});
    health.status = judge(health);
    return health;
}

UploadsHealth check_uploads(db::Database& database, const Config& config, Health::Tokens tokens,
                            const std::function<Health::Store()>& store) {
    UploadsHealth health;
    health.tokens = tokens;
    const auto folder = config.spool_dir();
    if (!folder) return health;
    const auto state = storage::folder_state(*folder, room_for(1));
    (config.s3 ? health.state_dir : health.coredumps_dir) = state;
    health.spool =
        judge(storage::Spool(*folder, config.spool_max_bytes).state(), config.spool_max_bytes);
    if (state != FolderState::Usable || tokens == Health::Tokens::NoKeys) return health;
    if (health.spool.value_or(Health::Spool::Full) == Health::Spool::Full) {
        if (config.s3) health.store = store();
        health.database =
            state_of(database, config, health.store.value_or(Health::Store::NotConfigured));
    }
    health.accepted = health.database.value_or(Health::Database::Ok) == Health::Database::Ok &&
                      health.store != Health::Store::Unavailable;
    return health;
}

}  // namespace coredepot::core
