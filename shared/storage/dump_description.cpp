#include "storage/dump_description.hpp"

#include "json.hpp"

namespace coredepot::storage {
namespace {

/// False when the member exists, is not null, and breaks its rule.
template <class Name>
bool read(const json::Object& object, std::string_view member, std::optional<Name>& name) {
    if (const auto text = object.string(member)) name = Name::parse(*text);
    return name || !object.has(member) || object.is_null(member);
}

}  // namespace

std::optional<DumpDescription> parse_description(std::string_view text) {
    const auto object = json::Object::parse(text);
    if (!object) return std::nullopt;
    std::optional<Chip> chip;
    std::optional<FirmwareVersion> version;
    std::optional<ModelCode> model_code;
    std::optional<DeviceKey> device;
    const bool is_good =
        read(*object, "chip", chip) && read(*object, "firmware_version", version) &&
        read(*object, "model_code", model_code) && read(*object, "device_key", device);
    if (!is_good || !chip || !version) return std::nullopt;
    return DumpDescription{device, {*chip, *version, model_code, std::nullopt}};
}

}  // namespace coredepot::storage
