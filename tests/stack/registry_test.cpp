// Device models and devices.

#include <regex>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

const bool kStack = use_stack([] { return Settings{{"PARSE_SIDECAR_URL", ""}}; });

constexpr const char* kModels = "/api/device-models";
constexpr const char* kDevices = "/api/devices";

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

std::string model_body(const std::string& code, const std::string& name = "A model") {
    return R"({"code": ")" + code + R"(", "name": ")" + name + "\"}";
}

std::string device_body(const FleetModel& model) {
    return R"({"device_model_id": )" + std::to_string(model.id) + '}';
}

std::string not_found(const std::string& thing, std::int64_t id) {
    return thing + ' ' + std::to_string(id) + " was not found";
}

/// The element of a list whose id this is.
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

/// Bodies of which no member can be read, whatever it is called.
std::vector<std::string> hostile_bodies() {
    std::string deep(60'000, '[');
    std::string deep_object;
    for (int i = 0; i < 10'000; ++i) deep_object += R"({"a":)";
    return {"",
            "{",
            "}",
            "null",
            "42",
            "\"text\"",
            "[]",
            R"([{"code": "x", "name": "x"}])",
            "{}",
            "{} {}",
            R"({"code": "good", "name": "x")",
            "{'code': 'good', 'name': 'x'}",
            "code=good&name=x",
            std::string("\0", 1),
            std::string("{\"code\": \"good\", \"name\": \"x\"}\0", 30),
            "\xef\xbb\xbf{\"co",
            std::string("\xff\xfe{\0}\0", 6),
            "{\"code\": \"good\", \"name\": \"\xff\xfe\"}",
            "{\"code\": \"good\", \"name\": \"\xc3\"}",
            "{\"code\": \"good\", \"name\": \"\xed\xa0\x80\"}",
            R"({"code": "good", "name": "\ud800"})",
            R"({"code": "good", "name": "\udc00 x"})",
            R"({"code": "good", "name": "a\u0000b"})",
            R"({"code": "go\u0000od", "name": "x", "device_model_id": 1e99})",
            R"({"code": "good", "name": ""})",
            R"({"code": "good", "name": null, "device_model_id": null})",
            R"({"code": "good", "name": 7, "device_model_id": "1", "device_name": 7})",
            R"({"code": ["good"], "name": {"a": 1}, "device_model_id": [1]})",
            R"({"code": true, "name": false, "device_model_id": 1.5})",
            R"({"device_model_id": 9223372036854775808})",
            R"({"device_model_id": -9223372036854775809})",
            R"({"device_model_id": 1e400})",
            R"({"code": "good", "name": ")" + std::string(256, 'x') + "\"}",
            R"({"code": "good", "name": ")" + std::string(60'000, 'x') + "\"}",
            deep,
            deep_object};
}

TEST(Models, CreatedOneIsThere) {
    const auto response = post(kModels, model_body("porch_light", "Porch light \xc3\xa9"));
    ASSERT_EQ(response.status, 201) << response;
    const auto created = response.json();
    const auto id = created.at("id").integer();
    const auto path = std::string(kModels) + '/' + std::to_string(id);
    const auto list = get(kModels).json();
    EXPECT_EQ(list.at("count").integer(),
              static_cast<std::int64_t>(list.at("device_models").size()));
    for (const auto& model : {created, get(path).json(), element(list.at("device_models"), id)}) {
        EXPECT_EQ(model.at("code").text(), "porch_light");
        EXPECT_EQ(model.at("name").text(), "Porch light \xc3\xa9");
        EXPECT_TRUE(model.at("firmware_version").is_null());
        EXPECT_EQ(model.at("device_count").integer(), 0);
    }
}

TEST(Models, CountTheirDevices) {
    const auto model = make_model();
    make_device(model);
    make_device(model);
    EXPECT_EQ(get(model.path()).json().at("device_count").integer(), 2);
    const auto list = get(kModels).json().at("device_models");
    EXPECT_EQ(element(list, model.id).at("device_count").integer(), 2);
    const auto renamed = put(model.path(), named("x"));
    EXPECT_EQ(renamed.json().at("device_count").integer(), 2);
}

TEST(Models, ShowTheirFirmwareVersion) {
    const auto model = make_model();
    upload_firmware(model, esp_image("3.1.4"));
    EXPECT_EQ(get(model.path()).json().at("firmware_version").text(), "3.1.4");
    const auto list = get(kModels).json().at("device_models");
    EXPECT_EQ(element(list, model.id).at("firmware_version").text(), "3.1.4");
}

TEST(Models, CodesOfTheirPatternOnly) {
    const auto before = rows();
    for (const std::string code : {"", "A", "a-b", "a b", "a/b", "../a", ".", "a.b", "\xc3\xa9",
                                   "a\\u0000", "a\\n", "a\\\\"}) {
        EXPECT_TRUE(is_error(post(kModels, model_body(code)), 400, "VALIDATION_FAILED")) << code;
    }
    const std::string longest(50, 'z');
    EXPECT_TRUE(is_error(post(kModels, model_body(longest + 'z')), 400, "VALIDATION_FAILED"));
    EXPECT_EQ(rows(), before);
    for (const auto& code : {longest, std::string("_"), std::string("0"), std::string("a_9")}) {
        EXPECT_EQ(post(kModels, model_body(code)).status, 201) << code;
    }
}

TEST(Models, DuplicateIsRefused) {
    const auto model = make_model();
    EXPECT_TRUE(is_error(post(kModels, model_body(model.code, "Another")), 409, "RECORD_EXISTS"));
    EXPECT_NE(get(model.path()).json().at("name").text(), "Another");
}

TEST(Models, MembersAreRequiredAndOthersIgnored) {
    EXPECT_TRUE(is_error(post(kModels, named("x")), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(post(kModels, R"({"code": "no_name"})"), 400, "VALIDATION_FAILED"));
    const auto response = post(
        kModels, R"({"code": "with_more", "name": "x", "id": 1, "more": {"a": [1]}, "ü": null})");
    EXPECT_EQ(response.status, 201) << response;
}

TEST(Models, AreRenamed) {
    const auto model = make_model();
    const auto response = put(model.path(), R"({"name": "New", "code": "other", "id": 99})");
    ASSERT_EQ(response.status, 200) << response;
    EXPECT_EQ(response.json().at("name").text(), "New");
    EXPECT_EQ(response.json().at("code").text(), model.code);
    EXPECT_EQ(response.json().at("id").integer(), model.id);
    EXPECT_EQ(get(model.path()).json().at("name").text(), "New");
    EXPECT_TRUE(is_error(put(model.path(), "{}"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(put(model.path(), named("")), 400, "VALIDATION_FAILED"));
    const std::string longest(255, 'n');
    EXPECT_EQ(put(model.path(), named(longest)).status, 200);
    EXPECT_TRUE(is_error(put(model.path(), named(longest + 'n')), 400, "VALIDATION_FAILED"));
    EXPECT_EQ(get(model.path()).json().at("name").text(), longest);
}

TEST(Models, DeletedTogetherWithTheirFirmware) {
    const auto model = make_model();
    const auto other = make_model();
    for (const auto& code : {model.code, other.code}) {
        auto client = stack().client();
        const auto path = "/api/pipeline/models/" + code + "/firmware";
        EXPECT_EQ(client.post(path, zip(bundle_entries(code, "1.0.0"))).status, 200);
        EXPECT_EQ(client.post(path, zip(bundle_entries(code, "1.0.1"))).status, 200);
    }
    EXPECT_EQ(get(model.path() + "/firmware").status, 200);
    ASSERT_EQ(names_in(stack().assets_dir() / model.code).size(), 2U);
    EXPECT_EQ(del(model.path()).status, 204);
    EXPECT_FALSE(fs::exists(stack().assets_dir() / model.code));
    EXPECT_FALSE(fs::exists(stack().assets_dir() / ("firmware-" + model.code + ".bin")));
    EXPECT_TRUE(is_error(get(model.path()), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(get(model.path() + "/firmware"), 404, "RECORD_NOT_FOUND"));
    EXPECT_EQ(get(other.path() + "/firmware").status, 200);
    EXPECT_EQ(names_in(stack().assets_dir() / other.code).size(), 2U);

    // The code is free again, and nothing of the old model comes with it.
    const auto again = make_model(model.code);
    EXPECT_TRUE(get(again.path()).json().at("firmware_version").is_null());
    EXPECT_TRUE(is_error(get(again.path() + "/firmware"), 404, "RECORD_NOT_FOUND",
                         "Firmware " + model.code + " was not found"));
}

TEST(Models, WithDevicesAreNotDeleted) {
    const auto model = make_model();
    const auto device = make_device(model);
    make_device(model);
    upload_firmware(model, esp_image("1.0.0"));
    EXPECT_TRUE(is_error(del(model.path()), 400, "INVALID_OPERATION",
                         "Cannot delete device model because 2 devices use it"));
    EXPECT_EQ(get(model.path()).status, 200);
    EXPECT_EQ(get(model.path() + "/firmware").status, 200);
    EXPECT_EQ(del(device.path()).status, 204);
    EXPECT_TRUE(is_error(del(model.path()), 400, "INVALID_OPERATION",
                         "Cannot delete device model because 1 devices use it"));
}

TEST(Models, UnknownIdsAreNotFound) {
    const auto id = make_model().id + 1'000'000;
    const auto path = std::string(kModels) + '/' + std::to_string(id);
    const auto text = not_found("Device model", id);
    EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(put(path, named("x")), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(del(path), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(get(path + "/firmware"), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(post(path + "/firmware", esp_image("1")), 404, "RECORD_NOT_FOUND", text));
}

TEST(Devices, CreatedOneIsThere) {
    const auto model = make_model();
    const auto body = R"({"device_model_id": )" + std::to_string(model.id) +
                      R"(, "device_name": "Porch \u00e9", "key": "abcdefgh"})";
    const auto response = post(kDevices, body);
    ASSERT_EQ(response.status, 201) << response;
    const auto created = response.json();
    const auto id = created.at("id").integer();
    const auto key = created.at("key").text();
    EXPECT_TRUE(std::regex_match(key, std::regex("[a-z0-9]{8}"))) << key;
    EXPECT_NE(key, "abcdefgh");
    EXPECT_EQ(created.at("client_id").text(), "iotdevice-" + model.code + '-' + key);
    const auto list = get(kDevices).json();
    EXPECT_EQ(list.at("count").integer(), static_cast<std::int64_t>(list.at("devices").size()));
    const auto one = get(std::string(kDevices) + '/' + std::to_string(id)).json();
    for (const auto& device : {created, one, element(list.at("devices"), id)}) {
        EXPECT_EQ(device.at("key").text(), key);
        EXPECT_EQ(device.at("device_model_id").integer(), model.id);
        EXPECT_EQ(device.at("device_name").text(), "Porch \xc3\xa9");
        EXPECT_TRUE(device.at("last_coredump_at").is_null());
    }
}

TEST(Devices, NameMayBeLeftOut) {
    const auto model = make_model();
    const auto created = post(kDevices, device_body(model)).json();
    EXPECT_TRUE(created.at("device_name").is_null());
    const auto null = post(
        kDevices, R"({"device_name": null, "device_model_id": )" + std::to_string(model.id) + '}');
    EXPECT_EQ(null.status, 201) << null;
    EXPECT_TRUE(null.json().at("device_name").is_null());
}

TEST(Devices, KeysDiffer) {
    const auto model = make_model();
    std::set<std::string> keys;
    for (int i = 0; i < 50; ++i) keys.insert(make_device(model).key);
    EXPECT_EQ(keys.size(), 50U);
}

TEST(Devices, OfAModelOnly) {
    const auto model = make_model();
    const auto device = make_device(model);
    make_device();
    const auto filter = std::string(kDevices) + "?device_model_id=";
    const auto list = get(filter + std::to_string(model.id)).json();
    EXPECT_EQ(list.at("count").integer(), 1);
    ASSERT_EQ(list.at("devices").size(), 1U);
    EXPECT_EQ(list.at("devices").at(0).at("id").integer(), device.id);
    const auto empty = make_model();
    EXPECT_EQ(get(filter + std::to_string(empty.id)).json().at("count").integer(), 0);
    for (const auto* bad : {"x", "1x", "", "%00", "99999999999999999999", "1.0", "%ff"}) {
        EXPECT_TRUE(is_error(get(filter + bad), 400, "VALIDATION_FAILED")) << bad;
    }
}

TEST(Devices, ComeInPagesWhereThatIsAskedFor) {
    const auto model = make_model();
    for (int i = 0; i < 3; ++i) make_device(model);
    const auto filter =
        std::string(kDevices) + "?device_model_id=" + std::to_string(model.id) + "&limit=2";
    const auto first = get(filter).json();
    ASSERT_EQ(first.at("count").integer(), 2);
    const auto last = first.at("devices").at(1).at("id").integer();
    const auto second = get(filter + "&after=" + std::to_string(last)).json();
    ASSERT_EQ(second.at("count").integer(), 1);
    EXPECT_GT(second.at("devices").at(0).at("id").integer(), last);
    for (const auto* bad : {"limit=0", "limit=-1", "limit=x", "limit=", "after=x"}) {
        EXPECT_TRUE(is_error(get(std::string(kDevices) + '?' + bad), 400, "VALIDATION_FAILED"))
            << bad;
    }
}

TEST(Devices, LastCoredumpStaysWhenTheDumpGoes) {
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto last = [&] { return get(device.path()).json().at("last_coredump_at").text(); };
    const auto at = last();
    EXPECT_EQ(del(device.coredump_path(coredump.id)).status, 204);
    EXPECT_EQ(last(), at);
}

TEST(Devices, RequireAModel) {
    const auto before = rows();
    const auto id = make_model().id + 1'000'000;
    EXPECT_TRUE(is_error(post(kDevices, "{}"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(post(kDevices, R"({"device_name": "x"})"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(post(kDevices, R"({"device_model_id": )" + std::to_string(id) + '}'), 404,
                         "RECORD_NOT_FOUND", not_found("Device model", id)));
    for (const auto* bad : {"0", "-1"}) {
        const auto response = post(kDevices, R"({"device_model_id": )" + std::string(bad) + '}');
        EXPECT_TRUE(response.status == 404 || response.status == 400) << response;
    }
}

TEST(Devices, AreRenamed) {
    const auto device = make_device();
    const auto response = put(device.path(), R"({"device_name": "Garage", "key": "abcdefgh"})");
    ASSERT_EQ(response.status, 200) << response;
    EXPECT_EQ(response.json().at("device_name").text(), "Garage");
    EXPECT_EQ(response.json().at("key").text(), device.key);
    EXPECT_EQ(get(device.path()).json().at("device_name").text(), "Garage");
    EXPECT_TRUE(is_error(put(device.path(), R"({"device_name": ""})"), 400, "VALIDATION_FAILED"));
    EXPECT_TRUE(is_error(put(device.path(), R"({"device_name": 7})"), 400, "VALIDATION_FAILED"));
    EXPECT_EQ(get(device.path()).json().at("device_name").text(), "Garage");
    EXPECT_EQ(put(device.path(), R"({"device_name": null})").status, 200);
    EXPECT_TRUE(get(device.path()).json().at("device_name").is_null());
}

TEST(Devices, DeletedTogetherWithTheirDumps) {
    const auto device = make_device();
    const auto other = make_device(device.model);
    const auto coredump = upload(device);
    upload(device);
    upload(other);
    EXPECT_EQ(del(device.path()).status, 204);
    EXPECT_FALSE(fs::exists(device.folder()));
    EXPECT_TRUE(rows_of(device).empty());
    EXPECT_TRUE(is_error(get(device.path()), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(get(device.coredumps_path()), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(get(device.coredump_path(coredump.id)), 404, "RECORD_NOT_FOUND"));
    EXPECT_TRUE(is_error(post(upload_target(device.key), "x"), 404, "RECORD_NOT_FOUND",
                         "Device " + device.key + " was not found"));
    EXPECT_EQ(names_in(other.folder()).size(), 1U);
    EXPECT_EQ(del(make_device().path()).status, 204);  // one without dumps
}

TEST(Devices, UnknownIdsAreNotFound) {
    const auto id = make_device().id + 1'000'000;
    const auto path = std::string(kDevices) + '/' + std::to_string(id);
    const auto text = not_found("Device", id);
    EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(put(path, R"({"device_name": "x"})"), 404, "RECORD_NOT_FOUND", text));
    EXPECT_TRUE(is_error(del(path), 404, "RECORD_NOT_FOUND", text));
}

TEST(Ids, ThatAreNoneNameNothing) {
    auto client = stack().client();
    const auto before = rows();
    for (const std::string id : {"0", "-1", "+1", "x", "1x", "1.0", "99999999999999999999",
                                 "9223372036854775808", "%20", "%ff", "1%0a", "null", "%27"}) {
        for (const auto* collection : {kModels, kDevices}) {
            const auto path = std::string(collection) + '/' + id;
            EXPECT_TRUE(is_error(client.get(path), 404, "RECORD_NOT_FOUND")) << path;
            EXPECT_TRUE(is_error(client.del(path), 404, "RECORD_NOT_FOUND")) << path;
            EXPECT_TRUE(is_error(client.put(path, R"({"name": "x", "device_name": "x"})"), 404,
                                 "RECORD_NOT_FOUND"))
                << path;
        }
    }
    EXPECT_EQ(rows(), before);
}

TEST(Bodies, HostileOnesAreTheClientsFault) {
    auto client = stack().client();
    const auto device = make_device();
    const auto before = rows();
    for (const auto& body : hostile_bodies()) {
        const auto shown = percent_encoded(body.substr(0, 80));
        for (const auto& [method, path] :
             std::vector<std::pair<std::string, std::string>>{{"POST", kModels},
                                                              {"POST", kDevices},
                                                              {"PUT", device.model.path()},
                                                              {"PUT", device.path()}}) {
            const auto response = client.send({method, path, body, {}});
            // A name beside a member that another path wants may be a good one.
            if (response.status < 300) {
                EXPECT_EQ(method, "PUT") << shown;
                continue;
            }
            EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED")) << path << ' ' << shown;
        }
    }
    EXPECT_EQ(rows(), before);
}

TEST(Bodies, LargeOnesAreRefused) {
    const auto body =
        R"({"code": "large", "name": "x", "more": ")" + std::string(100'000, 'x') + "\"}";
    const auto device = make_device();
    EXPECT_TRUE(is_error(post(kModels, body), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(post(kDevices, body), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(put(device.path(), body), 413, "PAYLOAD_TOO_LARGE"));
    EXPECT_TRUE(is_error(put(device.model.path(), body), 413, "PAYLOAD_TOO_LARGE"));
}

TEST(Methods, OtherOnesAreNotAllowed) {
    const auto device = make_device();
    auto client = stack().client();
    for (const auto* method : {"PATCH", "OPTIONS", "PROPFIND"}) {
        for (const auto& path : {std::string(kModels), std::string(kDevices)}) {
            const auto response = client.send({method, path, {}, {}});
            EXPECT_EQ(response.status, 405);
            EXPECT_EQ(response.header("allow"), "GET, HEAD, POST");
        }
        for (const auto& path : {device.path(), device.model.path()}) {
            const auto response = client.send({method, path, {}, {}});
            EXPECT_EQ(response.status, 405);
            EXPECT_EQ(response.header("allow"), "GET, HEAD, PUT, DELETE");
        }
    }
    EXPECT_EQ(del(kModels).status, 405);
    EXPECT_EQ(del(kDevices).status, 405);
    EXPECT_EQ(post(device.path(), "{}").status, 405);
    EXPECT_EQ(client.head(kModels).status, 200);
    EXPECT_EQ(client.head(device.path()).status, 200);
}

TEST(Paths, WithATrailingSlashOrMoreAreUnknown) {
    const auto device = make_device();
    for (const auto& path : {std::string(kModels) + "/x/y", device.path() + "/nothing",
                             device.model.path() + "/nothing", std::string("/api"),
                             std::string("/"), std::string("/api/nothing")}) {
        EXPECT_TRUE(is_error(get(path), 404, "RECORD_NOT_FOUND")) << path;
    }
}

}  // namespace
