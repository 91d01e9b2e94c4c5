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

/// Which image a device downloads. A device that fetches its firmware in hundreds of ranges asks
/// the same each time, so answers are remembered for a second.
///
/// An answer may be out of date within that second. Firmware published on this machine is noticed
/// at once, by the file that it replaces. Firmware published on another machine, and the deletion
/// of a device, are noticed after the second. A device that names the image it started with
/// (If-Range) never gets bytes of another one.
class DeviceImages {
  public:
    struct Found {
        ModelCode model;
        storage::Image image;
    };
    struct Clocks {
        std::function<std::chrono::steady_clock::time_point()> steady =
            std::chrono::steady_clock::now;
        std::function<Timestamp()> system = now;  ///< the clock of files' times
    };

    DeviceImages(db::Devices& devices, const FirmwareDownloads& downloads,
                 storage::FirmwareStore store);
    DeviceImages(db::Devices& devices, const FirmwareDownloads& downloads,
                 storage::FirmwareStore store, Clocks clocks);

    /// According to the database. Throws NotFound, for the device or its firmware; NotAllowed when
    /// `reference` names another model than the device's; db::Unavailable and os::StorageError.
    Found current(const DeviceReference& reference);
    /// The same, but the answer may be up to a second old.
    Found recent(const DeviceReference& reference);

    static constexpr std::chrono::seconds kMaxAge{1};
    /// As many devices as may ask one process within a second.
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
