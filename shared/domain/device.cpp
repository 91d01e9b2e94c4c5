#include "domain/device.hpp"

namespace coredepot {
namespace {

constexpr std::string_view kPrefix = "iotdevice-";

}  // namespace

std::string client_id(const Device& device) {
    return std::string(kPrefix) + device.model_code.str() + '-' + device.key.str();
}

std::optional<DeviceReference> parse_client_id(std::string_view client_id) {
    if (!client_id.starts_with(kPrefix)) return std::nullopt;
    client_id.remove_prefix(kPrefix.size());
    const auto dash = client_id.find('-');  // a model code has none
    if (dash == std::string_view::npos) return std::nullopt;
    auto model_code = ModelCode::parse(client_id.substr(0, dash));
    const auto key = DeviceKey::parse(client_id.substr(dash + 1));
    if (!model_code || !key) return std::nullopt;
    return DeviceReference{key->str(), std::move(model_code)};
}

}  // namespace coredepot
