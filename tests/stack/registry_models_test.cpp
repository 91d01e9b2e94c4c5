// Device models.

#include <gtest/gtest.h>

#include "registry.hpp"
#include "support/firmware.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

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

}  // namespace
