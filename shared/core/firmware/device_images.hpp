#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>

#include "core/firmware/firmware_downloads.hpp"
#include "db/devices.hpp"
#include "domain/device.hpp"
#include "domain/time.hpp"
#include "os/file_identity.hpp"
#include "storage/firmware_store.hpp"

namespace coredepot::core {

/// Which image a device downloads. One that fetches its firmware in hundreds of ranges asks for the
/// same each time, so the answer is remembered for a second.
///
/// How it goes out of date within that second: firmware that is published on this machine is seen
/// at once, by the file that it replaces. What another machine publishes, and that a device is
/// deleted, is seen when the second is over. Whoever names the image that it began with (If-Range)
/// never gets bytes of another one.
class DeviceImages {
  public:
    struct Found {
        ModelCode model;
        storage::Image image;
    };
    struct Clocks {
        std::function<std::chrono::steady_clock::time_point()> steady =
            std::chrono::steady_clock::now;
        std::function<Timestamp()> system = now;  ///< the one that files are stamped with
    };

    DeviceImages(db::Devices& devices, const FirmwareDownloads& downloads,
                 storage::FirmwareStore store);
    DeviceImages(db::Devices& devices, const FirmwareDownloads& downloads,
                 storage::FirmwareStore store, Clocks clocks);

    /// As the database has it. Throws NotFound, for the device or for its firmware, NotAllowed when
    /// `reference` names another model than its own, db::Unavailable and os::StorageError.
    Found current(const DeviceReference& reference);
    /// The same, or as it was up to a second ago.
    Found recent(const DeviceReference& reference);

    static constexpr std::chrono::seconds kMaxAge{1};
    /// Of devices that ask one process within a second.
    static constexpr std::size_t kMost = 2000;

  private:
    struct Known {
        Found found;
        os::FileStamp published;
        std::chrono::steady_clock::time_point asked_at;
    };
    bool is_fresh(const Known& known) const;
    void remember(const std::string& key, Known known);

    db::Devices& devices_;
    const FirmwareDownloads& downloads_;
    storage::FirmwareStore store_;
    Clocks clocks_;
    std::unordered_map<std::string, Known> known_;  ///< by device key
};

}  // namespace coredepot::core
