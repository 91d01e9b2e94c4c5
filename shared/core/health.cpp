#include "core/health.hpp"

#include "domain/coredump.hpp"

namespace coredepot::core {
namespace {

using storage::FolderState;
using Status = Health::Status;

/// A few uploads at the same time, each of the largest size.
constexpr std::uint64_t kRoomForCoredumps = 16 * kMaxCoredumpBytes;

Status judge(const Health& health) {
    if (!health.database ||
        health.coredumps_dir.value_or(FolderState::Usable) != FolderState::Usable ||
        health.assets_dir == FolderState::Unavailable) {
        return Status::Unavailable;
    }
    // Without room for new firmware there is still the old, and a place for core dumps: to take
    // this server out of service would lose those.
    return health.assets_dir == FolderState::Usable ? Status::Ok : Status::Degraded;
}

}  // namespace

Health check_health(db::Database& database, const Config& config) {
    Health health;
    health.database = database.is_available();
    if (config.coredumps_dir) {
        health.coredumps_dir = storage::folder_state(*config.coredumps_dir, kRoomForCoredumps);
    }
    // The bundle, the flat image, and the image that is sent.
    constexpr std::uint64_t kCopies = 3;
    health.assets_dir =
        storage::folder_state(config.assets_dir, kCopies * config.max_firmware_bytes);
    health.status = judge(health);
    return health;
}

}  // namespace coredepot::core
