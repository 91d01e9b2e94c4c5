#include "support/fleet.hpp"

#include <stdexcept>

#include "support/stack_environment.hpp"

namespace coredepot::test {
namespace {

HttpResponse require(int status, HttpResponse response) {
    if (response.status == status) return response;
    throw std::runtime_error("not answered " + std::to_string(status) + ": " +
                             testing::PrintToString(response));
}

}  // namespace

std::filesystem::path FleetDevice::folder() const {
    return stack().coredumps_dir() / key;
}

FleetModel make_model(const std::string& code) {
    const auto body = R"({"code": ")" + code + R"(", "name": "Model )" + code + "\"}";
    const auto response = require(201, stack().client().post("/api/device-models", body));
    return {response.json().at("id").integer(), code};
}

FleetModel make_model() {
    static int count = 0;
    return make_model("model_" + std::to_string(++count));
}

FleetDevice make_device(const FleetModel& model) {
    const auto body = R"({"device_model_id": )" + std::to_string(model.id) + '}';
    const auto response = require(201, stack().client().post("/api/devices", body));
    return {response.json().at("id").integer(), response.json().at("key").text(), model};
}

FleetDevice make_device() {
    return make_device(make_model());
}

std::string upload_target(const std::string& device_key, const std::string& chip,
                          const std::string& firmware_version) {
    return "/api/iot/coredump?chip=" + percent_encoded(chip) +
           "&firmware_version=" + percent_encoded(firmware_version) +
           "&device_key=" + percent_encoded(device_key);
}

FleetCoredump upload(const FleetDevice& device, const std::string& bytes, const std::string& chip,
                     const std::string& firmware_version) {
    const auto target = upload_target(device.key, chip, firmware_version);
    const auto answer = require(201, stack().client().post(target, bytes)).json();
    return {answer.at("coredump_id").integer(), answer.at("filename").text()};
}

void upload_firmware(const FleetModel& model, const std::string& bytes) {
    require(200, stack().client().post(model.firmware_path(), bytes));
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
        }
    }
    return encoded;
}

std::vector<std::int64_t> rows_of(const FleetDevice& device) {
    std::vector<std::int64_t> ids;
    for (const auto& row : stack().sql("SELECT id FROM coredumps WHERE device_id = " +
                                       std::to_string(device.id) + " ORDER BY id DESC")) {
        ids.push_back(std::stoll(row.at(0)));
    }
    return ids;
}

}  // namespace coredepot::test
