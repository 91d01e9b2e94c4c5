#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "core/errors.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"

namespace coredepot::core {

NotFound no_such_device(std::int64_t id);

/// Each finds what a client named, or throws NotFound with that name. Text that does not match the
/// pattern of its kind names nothing, so it never reaches a statement or a path.
Device require_device(db::Devices& devices, std::int64_t id);
/// The key of a device that speaks for itself; that there is one is still to be found out.
DeviceKey require_key(const DeviceReference& reference);
/// Throws NotAllowed when a device's token names another model than the device's, `model`.
void require_same_model(const ModelCode& model, const DeviceReference& reference);
/// A device that speaks for itself: both of the above.
Device require_device(db::Devices& devices, const DeviceReference& reference);
/// Which device the identity provider has a client for, as who checks tokens wants to know it.
/// While the database is away it says so at once.
std::function<std::optional<DeviceReference>(const ClientId&)> client_registry(
    db::Devices& devices);
DeviceModel require_model(db::DeviceModels& models, std::int64_t id);
DeviceModel require_model(db::DeviceModels& models, std::string_view code);

}  // namespace coredepot::core
