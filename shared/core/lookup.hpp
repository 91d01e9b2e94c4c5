#pragma once

#include <cstdint>
#include <string_view>

#include "db/device_models.hpp"
#include "db/devices.hpp"

namespace coredepot::core {

/// Each finds what a client named, or throws NotFound with that name. Text that does not match the
/// pattern of its kind names nothing, so it never reaches a statement or a path.
Device require_device(db::Devices& devices, std::int64_t id);
Device require_device(db::Devices& devices, std::string_view key);
DeviceModel require_model(db::DeviceModels& models, std::int64_t id);
DeviceModel require_model(db::DeviceModels& models, std::string_view code);

}  // namespace coredepot::core
