#include "core/health/health.hpp"

#include "core/forgotten_database.hpp"
#include "domain/coredump.hpp"
#include "log.hpp"
#include "storage/spool.hpp"

namespace coredepot::core {
namespace {

using storage::FolderState;
using Status = Health::Status;

/// A few uploads at the same time, each of the largest size, and each the first of its device: a
/// file and a folder.
constexpr std::uint64_t kUploads = 16;
constexpr storage::Room kRoomForCoredumps{kUploads * kMaxCoredumpBytes, 2 * kUploads};

Status judge(const Health& health) {
    if (!health.database || health.forgotten ||
        health.coredumps_dir.value_or(FolderState::Usable) != FolderState::Usable ||
        health.assets_dir == FolderState::Unavailable) {
        return Status::Unavailable;
    }
    // Without room for new firmware there is still the old, and a place for core dumps: to take
    // this server out of service would lose those.
    if (health.assets_dir != FolderState::Usable) return Status::Degraded;
    // Other servers have the same issuer: whoever is sent there instead fares no better.
    if (health.tokens == Health::Tokens::OldKeys || health.tokens == Health::Tokens::NoKeys) {
        return Status::Degraded;
    }
    return health.spool == Health::Spool::Full ? Status::Degraded : Status::Ok;
}

void look_at_spool(const storage::Spool& spool, Health& health) {
    const auto state = spool.state();
    health.quarantine = state.quarantined.files > 0;
    if (spool.max_bytes() == 0) return;
    health.spool = state.waiting.files == 0 ? Health::Spool::Empty : Health::Spool::Waiting;
    if (state.bytes() + storage::kMaxRecordBytes > spool.max_bytes()) {
        health.spool = Health::Spool::Full;
    }
}

bool forgets(db::Database& database, const std::filesystem::path& coredumps_dir) {
    try {
        db::Devices devices(database);
        return is_forgotten(devices, storage::DumpStore(coredumps_dir));
    } catch (const std::exception& error) {
        log::error("cannot ask for devices", {{"error", error.what()}});
        return false;
    }
}

}  // namespace

Health check_health(db::Database& database, const Config& config, Health::Tokens tokens) {
    Health health;
    health.tokens = tokens;
    health.database = database.is_available();
    if (config.coredumps_dir) {
        health.forgotten = health.database && forgets(database, *config.coredumps_dir);
        health.coredumps_dir = storage::folder_state(*config.coredumps_dir, kRoomForCoredumps);
        look_at_spool({*config.coredumps_dir, config.spool_max_bytes}, health);
    }
    // The bundle, the flat image, and the image that is sent; of a new model two folders more.
    constexpr std::uint64_t kCopies = 3;
    constexpr std::uint64_t kFolders = 2;
    health.assets_dir = storage::folder_state(
        config.assets_dir, {kCopies * config.max_firmware_bytes, kCopies + kFolders});
    health.status = judge(health);
    return health;
}

}  // namespace coredepot::core
