#pragma once

#include <cstdint>
#include <string>

#include "support/fleet.hpp"
#include "support/http_client.hpp"
#include "support/json_value.hpp"

/// What the tests of models and devices say to the API, and look for in its answers.
namespace coredepot::test {

constexpr const char* kModels = "/api/device-models";
constexpr const char* kDevices = "/api/devices";

HttpResponse get(const std::string& target);
HttpResponse del(const std::string& target);
HttpResponse post(const std::string& target, const std::string& body);
HttpResponse put(const std::string& target, const std::string& body);

/// Bodies: `{"name": …}`, of a new model, and of a new device.
std::string named(const std::string& name);
std::string model_body(const std::string& code, const std::string& name = "A model");
std::string device_body(const FleetModel& model);

/// The text of a 404; `thing` as in `Device model`.
std::string not_found(const std::string& thing, std::int64_t id);

/// The element of a list whose id this is. Throws when it is not there.
JsonValue element(const JsonValue& list, std::int64_t id);

/// How many models and devices there are.
std::string rows();

}  // namespace coredepot::test
