#pragma once

#include <string>

#include "support/fleet.hpp"

/// Devices that crash as the thermostat in tests/data/crash did.
namespace coredepot::test {

constexpr const char* kChip = "esp32c3";
constexpr const char* kVersion = "1.4.2";

/// A bundle around an ELF; the image names it unless it is to be silent.
std::string bundle_of(const FleetModel& model, const std::string& version, const std::string& elf,
                      bool image_names_elf = true);

/// A device whose model has the thermostat's firmware.
FleetDevice thermostat();

}  // namespace coredepot::test
