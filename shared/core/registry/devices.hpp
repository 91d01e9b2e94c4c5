#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/dump_files.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"
#include "domain/device.hpp"
#include "domain/page.hpp"

namespace coredepot::core {

using DevicePage = Page<Device, std::int64_t>;

/// The devices. All throw Refusal and db::Unavailable.
class Devices {
  public:
    Devices(db::Devices& devices, db::DeviceModels& models, DumpFiles files)
        : devices_(devices), models_(models), files_(std::move(files)) {}

    /// Throws NotFound when there is no such model, ValidationFailed for an invalid limit.
    DevicePage list(const DeviceSelection& selection);
    Device find(std::int64_t id);
    /// Chooses a random key. Here and below, throws AlreadyExists when another device has the
    /// client ID.
    Device create(std::int64_t device_model_id, const std::optional<std::string>& device_name,
                  const std::optional<std::string>& client_id = std::nullopt);
    /// A client's changes to a device. A member with no value inside removes the value.
    struct Change {
        std::optional<std::optional<std::string>> device_name = std::nullopt;
        /// The name of our own pattern removes it, too.
        std::optional<std::optional<std::string>> client_id = std::nullopt;
    };
    Device change(std::int64_t id, const Change& change);
    /// Also removes its core dumps. If objects of theirs remain, coredepot-fsck finds them.
    void remove(std::int64_t id);

  private:
    db::Devices& devices_;
    db::DeviceModels& models_;
    DumpFiles files_;
};

}  // namespace coredepot::core
