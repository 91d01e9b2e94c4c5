#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "support/stack.hpp"

/// Models, devices and core dumps of a test's own, made through the API of the program's stack.
/// What is not answered as it should throws, which fails the test.
namespace coredepot::test {

struct FleetModel {
    std::int64_t id = 0;
    std::string code;

    std::string path() const { return "/api/device-models/" + std::to_string(id); }
    std::string firmware_path() const { return "/api/pipeline/models/" + code + "/firmware"; }
};

struct FleetDevice {
    std::int64_t id = 0;
    std::string key;
    FleetModel model;

    std::string path() const { return "/api/devices/" + std::to_string(id); }
    std::string coredumps_path() const { return path() + "/coredumps"; }
    std::string coredump_path(std::int64_t coredump) const {
        return coredumps_path() + '/' + std::to_string(coredump);
    }
    /// Where its core dumps are.
    std::filesystem::path folder() const;
};

struct FleetCoredump {
    std::int64_t id = 0;
    std::string filename;
};

/// Of a code that no other test has; or of this one.
FleetModel make_model();
FleetModel make_model(const std::string& code);
/// Of a model of its own; or of this one.
FleetDevice make_device();
FleetDevice make_device(const FleetModel& model);

/// `/api/iot/coredump?…`, its values percent-encoded.
std::string upload_target(const std::string& device_key, const std::string& chip = "esp32c3",
                          const std::string& firmware_version = "1.0.0");
/// Uploads as the device.
FleetCoredump upload(const FleetDevice& device, const std::string& bytes = "a core dump",
                     const std::string& chip = "esp32c3",
                     const std::string& firmware_version = "1.0.0");

/// Uploads firmware as a pipeline, and expects it to be taken.
void upload_firmware(const FleetModel& model, const std::string& bytes);

std::string percent_encoded(std::string_view text);

/// The rows of a device: ids, newest first.
std::vector<std::int64_t> rows_of(const FleetDevice& device);

}  // namespace coredepot::test
