#include "core/lookup.hpp"

#include <string>

#include "core/errors.hpp"

namespace coredepot::core {
namespace {

constexpr const char* kDevice = "Device";
constexpr const char* kModel = "Device model";

/// A name as an error repeats it: whole URLs do not belong in there.
std::string shown(std::string_view name) {
    constexpr std::size_t kShown = 64;
    return std::string(name.substr(0, kShown));
}

}  // namespace

Device require_device(db::Devices& devices, std::int64_t id) {
    if (auto device = devices.find(id)) return *device;
    throw NotFound(kDevice, std::to_string(id));
}

Device require_device(db::Devices& devices, std::string_view key) {
    if (const auto parsed = DeviceKey::parse(key)) {
        if (auto device = devices.find(*parsed)) return *device;
    }
    throw NotFound(kDevice, shown(key));
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
