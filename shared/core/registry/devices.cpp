#include "core/registry/devices.hpp"

#include <random>
#include <stdexcept>
#include <string_view>

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "core/paging.hpp"
#include "core/registry/display_name.hpp"
#include "core/searched_text.hpp"

namespace coredepot::core {
namespace {

constexpr std::size_t kMaxDeviceSearched = 255;

/// 8 of 36 characters make 2.8e12 keys, so a fleet of a million draws a taken key once in three
/// million draws. std::random_device uses the kernel's generator.
DeviceKey draw_key() {
    constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device device;
    std::uniform_int_distribution<std::size_t> pick(0, kAlphabet.size() - 1);
    std::string key;
    for (int i = 0; i < 8; ++i) key += kAlphabet[pick(device)];
    return DeviceKey::trusted(key);
}

void require_optional_name(const std::optional<std::string>& device_name) {
    if (device_name) require_display_name(*device_name, "device_name");
}

std::optional<ClientId> require_optional_client(const std::optional<std::string>& client_id) {
    if (!client_id) return std::nullopt;
    if (auto client = ClientId::parse(*client_id)) return client;
    throw ValidationFailed(
        "client_id must have 1 to 255 printable ASCII characters and not start with iotdevice-");
}

AlreadyExists taken(const std::optional<ClientId>& client) {
    return AlreadyExists("Device with client_id " + client.value().str() + " already exists");
}

std::string own_client_id(const Device& device) {
    return coredepot::own_client_id(device.model_code, device.key);
}

}  // namespace

DevicePage Devices::list(const DeviceSelection& selection) {
    const auto rows = page_rows(selection.limit);
    if (selection.device_model_id) require_model(models_, *selection.device_model_id);
    if (selection.text) require_searchable(*selection.text, kMaxDeviceSearched);
    auto with_one_more = selection;
    with_one_more.limit = rows + 1;
    return to_page(devices_.list(with_one_more), rows,
                   [](const Device& device) { return device.id; });
}

Device Devices::find(std::int64_t id) {
    return require_device(devices_, id);
}

Device Devices::create(std::int64_t device_model_id, const std::optional<std::string>& device_name,
                       const std::optional<std::string>& client_id) {
    constexpr int kDraws = 10;
    require_optional_name(device_name);
    const auto client = require_optional_client(client_id);
    for (int draw = 0; draw < kDraws; ++draw) {
        const auto inserted = devices_.insert(device_model_id, draw_key(), device_name, client);
        switch (inserted.outcome) {
            case db::Devices::Insertion::Inserted:
                return inserted.device.value();
            case db::Devices::Insertion::UnknownModel:
                throw NotFound("Device model", std::to_string(device_model_id));
            case db::Devices::Insertion::ClientTaken:
                throw taken(client);
            case db::Devices::Insertion::KeyTaken:
                break;
        }
    }
    throw std::runtime_error("drew ten device keys that were all taken");
}

Device Devices::change(std::int64_t id, const Change& change) {
    DeviceChange wanted{change.device_name};
    if (wanted.device_name) require_optional_name(*wanted.device_name);
    if (change.client_id) {
        const bool is_own = *change.client_id && (*change.client_id)->starts_with(kDeviceClients) &&
                            *change.client_id == own_client_id(find(id));
        wanted.client_id = is_own ? std::nullopt : require_optional_client(*change.client_id);
    }
    const auto changed = devices_.change(id, wanted);
    if (std::holds_alternative<db::Devices::ClientTaken>(changed)) throw taken(*wanted.client_id);
    if (auto device = std::get<std::optional<Device>>(changed)) return *device;
    throw NotFound("Device", std::to_string(id));
}

void Devices::remove(std::int64_t id) {
    const auto objects = files_.has_bucket() ? devices_.objects_of(id) : std::vector<std::string>{};
    const auto key = devices_.remove(id);
    if (!key) throw NotFound("Device", std::to_string(id));
    if (files_.folder()) files_.folder()->remove_device(*key);
    for (const auto& object : objects) {
        if (!files_.bucket().remove(object))
            break;  // the others would fail, too, and each would take time
    }
}

}  // namespace coredepot::core
