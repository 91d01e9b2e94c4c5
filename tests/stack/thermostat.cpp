#include "thermostat.hpp"

#include "support/firmware.hpp"

namespace coredepot::test {

std::string bundle_of(const FleetModel& model, const std::string& version, const std::string& elf,
                      bool image_names_elf) {
    auto entries = bundle_entries(model.code, version, elf);
    if (!image_names_elf) entries = with(entries, model.code + ".bin", esp_image(version));
    return zip(entries);
}

FleetDevice thermostat() {
    auto device = make_device();
    upload_firmware(device.model,
                    bundle_of(device.model, kVersion, thermostat_file("thermostat.elf")));
    return device;
}

}  // namespace coredepot::test
