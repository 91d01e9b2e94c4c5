#include "hostile.hpp"

#include "support/exchange_log.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

namespace coredepot::test {
namespace {

/// As much as is worth reading of it in a message.
std::string shown(const std::string& request) {
    return percent_encoded(request.substr(0, 300));
}

}  // namespace

std::string text(std::initializer_list<std::string_view> pieces) {
    std::string whole;
    for (const auto piece : pieces) whole += piece;
    return whole;
}

HttpResponse attack(const std::string& bytes) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, shown(bytes));
    const RawConnection connection(stack().port());
    connection.send(bytes);
    connection.finish_sending();
    const auto answer = connection.receive_all();
    // Bytes may be several requests, of which only the first one's answer is looked at closely.
    EXPECT_EQ(answer.find("HTTP/1.1 5"), std::string::npos) << answer;
    const bool has_body = !bytes.starts_with("HEAD ");
    auto response = parse_response(answer, has_body);
    if (response.status != 0) {
        expect_contract(response, "hostile request", has_body);
        record_response(response, has_body);
    }
    return response;
}

HttpResponse attack(const std::string& method, const std::string& target,
                    const std::string& headers, const std::string& body) {
    return attack(text({method, " ", target, " HTTP/1.1\r\n", kHost, headers, "\r\n", body}));
}

void Hostile::SetUp() {
    static const auto device = [] {
        auto made = make_device();
        upload_firmware(made.model, esp_image("1.0.0"));
        return made;
    }();
    static const auto coredump = upload(device);
    const auto key = "device_key=" + device.key;
    const auto one = device.coredump_path(coredump.id);
    endpoints = {
        {"POST", "/api/iot/coredump", "chip=esp32&firmware_version=1&" + key},
        {"GET", "/api/iot/firmware", key},
        {"GET", "/api/iot/firmware-version", key},
        {"GET", device.coredumps_path(), ""},
        {"GET", device.coredumps_path() + '/', ""},
        {"GET", one, ""},
        {"GET", one + "/download", ""},
        {"GET", "/api/docs/openapi.yaml", ""},
        {"GET", "/api/device-models", ""},
        {"POST", "/api/device-models", ""},
        {"GET", device.model.path(), ""},
        {"PUT", device.model.path(), ""},
        {"GET", device.model.path() + "/firmware", ""},
        {"POST", device.model.path() + "/firmware", ""},
        {"GET", "/api/devices", "device_model_id=" + std::to_string(device.model.id)},
        {"POST", "/api/devices", ""},
        {"GET", device.path(), ""},
        {"PUT", device.path(), ""},
        {"POST", device.model.firmware_path(), ""},
        {"GET", device.model.firmware_path() + "-version", ""},
        {"GET", "/api/pipeline/upload.sh", ""},
        {"GET", "/api/pipeline/upload.ps1", ""},
        {"GET", "/health", ""},
        {"GET", "/metrics", ""},
    };
    handlers_ = stack().handlers();
}

void Hostile::TearDown() {
    EXPECT_EQ(stack().handlers(), handlers_) << "a handler died";
    auto client = stack().client();
    for (const auto& endpoint : endpoints) {
        if (endpoint.method != "GET") continue;
        EXPECT_EQ(client.get(endpoint.path + '?' + endpoint.query).status, 200) << endpoint.path;
    }
}

}  // namespace coredepot::test
