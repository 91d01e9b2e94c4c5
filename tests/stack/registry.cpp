#include "registry.hpp"

#include <stdexcept>

#include "support/stack_environment.hpp"

namespace coredepot::test {

HttpResponse get(const std::string& target) {
    return stack().client().get(target);
}

HttpResponse del(const std::string& target) {
    return stack().client().del(target);
}

HttpResponse post(const std::string& target, const std::string& body) {
    return stack().client().post(target, body);
}

HttpResponse put(const std::string& target, const std::string& body) {
    return stack().client().put(target, body);
}

std::string named(const std::string& name) {
    return R"({"name": ")" + name + "\"}";
}

std::string model_body(const std::string& code, const std::string& name) {
    return R"({"code": ")" + code + R"(", "name": ")" + name + "\"}";
}

std::string device_body(const FleetModel& model) {
    return R"({"device_model_id": )" + std::to_string(model.id) + '}';
}

std::string not_found(const std::string& thing, std::int64_t id) {
    return thing + ' ' + std::to_string(id) + " was not found";
}

JsonValue element(const JsonValue& list, std::int64_t id) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list.at(i).at("id").integer() == id) return list.at(i);
    }
    throw std::runtime_error("not in the list: " + std::to_string(id));
}

std::string rows() {
    return stack().sql_value(
        "SELECT (SELECT count(*) FROM device_models) || ' ' || (SELECT count(*) FROM devices)");
}

}  // namespace coredepot::test
