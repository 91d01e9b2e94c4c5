#include "core/health/gauges.hpp"

#include "db/alert_targets.hpp"
#include "db/kept_files.hpp"
#include "db/statistics.hpp"
#include "log.hpp"
#include "os/storage_error.hpp"
#include "storage/folder_state.hpp"
#include "storage/folder_walk.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {
namespace {

metrics::FolderGauges of_folder(const char* name, const std::filesystem::path& folder,
                                std::optional<std::uint64_t> bytes) {
    metrics::FolderGauges gauges;
    gauges.folder = name;
    gauges.bytes = bytes;
    if (const auto space = storage::space_of(folder)) {
        gauges.free_bytes = space->free;
        gauges.file_system_bytes = space->total;
    }
    if (const auto inodes = storage::inodes_of(folder)) {
        gauges.free_inodes = inodes->free;
        gauges.file_system_inodes = inodes->total;
    }
    return gauges;
}

metrics::SpoolGauges of_spool(const storage::Spool& spool) {
    const auto state = spool.state();
    return {state.waiting.files, state.waiting.bytes, spool.max_bytes(), state.quarantined.files,
            state.quarantined.bytes};
}

std::optional<Timestamp> time_of(const std::filesystem::path& stamp) {
    try {
        const auto entry = storage::entry_at(stamp);
        return entry ? entry->changed : Timestamp{};
    } catch (const os::StorageError& error) {
        log::error("cannot look when the last backup was", {{"error", error.what()}});
        return std::nullopt;
    }
}

}  // namespace

metrics::Gauges measure(db::Database& database, const Config& config, Health::Store store) {
    // There is a file for each version of each model. Looking at that many takes about 20 ms.
    constexpr std::size_t kMostAssets = 10'000;
    metrics::Gauges gauges;
    gauges.sidecar_configured = config.parses();
    gauges.database_up = database.is_available();
    if (gauges.database_up) {
        try {
            gauges.coredumps = db::coredump_statistics(database);
        } catch (const std::exception& error) {
            log::error("cannot count the core dumps", {{"error", error.what()}});
        }
    }
    if (gauges.coredumps) {
        try {
            gauges.alerts = db::alert_state(database);
        } catch (const std::exception& error) {
            log::error("cannot count the alerts", {{"error", error.what()}});
        }
    }
    if (store != Health::Store::NotConfigured) gauges.store_up = store == Health::Store::Ok;
    if (const auto folder = config.spool_dir()) {
        gauges.spool = of_spool({*folder, config.spool_max_bytes});
        // There may be a million files, but the database knows their sizes.
        std::optional<std::uint64_t> bytes;
        if (gauges.database_up) {
            try {
                const auto kept = db::KeptFiles(database).state();
                bytes = kept.bytes;
                gauges.retention = {kept.files, kept.unmet_limit.has_value(),
                                    config.file_limits.max_bytes,
                                    config.file_limits.min_free_percent};
            } catch (const std::exception& error) {
                log::error("cannot ask for the files of core dumps", {{"error", error.what()}});
            }
        }
        // With a bucket, the files' bytes are in the bucket, and the folder belongs to this
        // machine.
        gauges.folders.push_back(of_folder(config.s3 ? "state" : "coredumps", *folder,
                                           config.s3 ? std::nullopt : bytes));
    }
    gauges.folders.push_back(
        of_folder("assets", config.assets_dir, storage::bytes_in(config.assets_dir, kMostAssets)));
    if (config.backup_stamp) gauges.last_backup = time_of(*config.backup_stamp);
    return gauges;
}

}  // namespace coredepot::core
