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

/// Each function finds what a client named, or throws NotFound with that name. Text that does not
/// match its pattern names nothing, so it never reaches a statement or a path.
Device require_device(db::Devices& devices, std::int64_t id);
/// The key of a device that speaks for itself. The device may not exist.
DeviceKey require_key(const DeviceReference& reference);
/// Throws NotAllowed when a device's token names another model than `model`, the device's own.
void require_same_model(const ModelCode& model, const DeviceReference& reference);
/// Finds a device that speaks for itself and checks its model.
Device require_device(db::Devices& devices, const DeviceReference& reference);
/// Finds the device with a client ID at the identity provider, for the code that checks tokens.
/// While the database is away, it says so at once.
std::function<std::optional<DeviceReference>(const ClientId&)> client_registry(
    db::Devices& devices);
DeviceModel require_model(db::DeviceModels& models, std::int64_t id);
DeviceModel require_model(db::DeviceModels& models, std::string_view code);

}  // namespace coredepot::core
