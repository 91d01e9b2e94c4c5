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

/// The units. All throw Refusal and db::Unavailable.
class Devices {
  public:
    Devices(db::Devices& devices, db::DeviceModels& models, DumpFiles files)
        : devices_(devices), models_(models), files_(std::move(files)) {}

    /// NotFound when there is no such model, ValidationFailed for a bad limit.
    DevicePage list(const DeviceSelection& selection);
    Device find(std::int64_t id);
    /// Draws the key. AlreadyExists when another device has the client id, here and below.
    Device create(std::int64_t device_model_id, const std::optional<std::string>& device_name,
                  const std::optional<std::string>& client_id = std::nullopt);
    /// What of a device a client changes; no value inside clears it.
    struct Change {
        std::optional<std::optional<std::string>> device_name = std::nullopt;
        /// That of its own pattern clears it, too.
        std::optional<std::optional<std::string>> client_id = std::nullopt;
    };
    Device change(std::int64_t id, const Change& change);
    /// Together with its core dumps, of whose objects coredepot-fsck finds what is left.
    void remove(std::int64_t id);

  private:
    db::Devices& devices_;
    db::DeviceModels& models_;
    DumpFiles files_;
};

}  // namespace coredepot::core
