#include "core/lookup.hpp"

#include <string>

#include "core/outage.hpp"

namespace coredepot::core {
namespace {

constexpr const char* kDevice = "Device";
constexpr const char* kModel = "Device model";

/// A name to repeat in an error. It is cut, so that no whole URLs get in.
std::string shown(std::string_view name) {
    constexpr std::size_t kShown = 64;
    return std::string(name.substr(0, kShown));
}

}  // namespace

NotFound no_such_device(std::int64_t id) {
    return {kDevice, std::to_string(id)};
}

Device require_device(db::Devices& devices, std::int64_t id) {
    if (auto device = devices.find(id)) return *device;
    throw no_such_device(id);
}

void require_same_model(const ModelCode& model, const DeviceReference& reference) {
    if (reference.model_code && *reference.model_code != model) {
        throw NotAllowed("The device is not of the model that its token names");
    }
}

DeviceKey require_key(const DeviceReference& reference) {
    if (auto key = DeviceKey::parse(reference.key)) return *key;
    throw NotFound(kDevice, shown(reference.key));
}

Device require_device(db::Devices& devices, const DeviceReference& reference) {
    const auto key = require_key(reference);
    const auto device = devices.find(key);
    if (!device) throw NotFound(kDevice, key.str());
    require_same_model(device->model_code, reference);
    return *device;
}

std::function<std::optional<DeviceReference>(const ClientId&)> client_registry(
    db::Devices& devices) {
    return [&devices, outage = Outage()](const ClientId& client) mutable {
        const auto asked = Outage::Clock::now();
        if (outage.lasts(asked)) {
            throw db::Unavailable("the database did not answer just now", false);
        }
        try {
            return devices.find_client(client);
        } catch (const db::Unavailable&) {
            outage.observed(asked, Outage::Clock::now());
            throw;
        }
    };
}

DeviceModel require_model(db::DeviceModels& models, std::int64_t id) {
    if (auto model = models.find(id)) return *model;
    throw NotFound(kModel, std::to_string(id));
}

DeviceModel require_model(db::DeviceModels& models, std::string_view code) {
    if (const auto parsed = ModelCode::parse(code)) {
        if (auto model = models.find(*parsed)) return *model;
    }
    throw NotFound(kModel, shown(code));
}

}  // namespace coredepot::core
