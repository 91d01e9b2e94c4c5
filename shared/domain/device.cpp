#include "domain/device.hpp"

namespace coredepot {

std::string own_client_id(const ModelCode& model, const DeviceKey& key) {
    return std::string(kDeviceClients) + model.str() + '-' + key.str();
}

std::string client_id(const Device& device) {
    return device.client_id ? device.client_id->str()
                            : own_client_id(device.model_code, device.key);
}

std::optional<DeviceReference> parse_client_id(std::string_view client_id) {
    if (!client_id.starts_with(kDeviceClients)) return std::nullopt;
    client_id.remove_prefix(kDeviceClients.size());
    const auto dash = client_id.find('-');  // a model code has none
    if (dash == std::string_view::npos) return std::nullopt;
    auto model_code = ModelCode::parse(client_id.substr(0, dash));
    const auto key = DeviceKey::parse(client_id.substr(dash + 1));
    if (!model_code || !key) return std::nullopt;
    return DeviceReference{key->str(), std::move(model_code)};
}

}  // namespace coredepot
