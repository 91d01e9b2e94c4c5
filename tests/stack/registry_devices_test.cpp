// Devices.

#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "registry.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

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

// JSON has one kind of number, and JSON Schema takes one without a fraction for an integer.
TEST(Devices, ModelMayBeNamedByANumberOfAnyNotation) {
    const auto id = std::to_string(make_model().id);
    for (const auto& number : {id + ".0", id + "e0", id + "00e-2"}) {
        const auto response = post(kDevices, R"({"device_model_id": )" + number + '}');
        ASSERT_EQ(response.status, 201) << response;
        EXPECT_EQ(std::to_string(response.json().at("device_model_id").integer()), id);
    }
    for (const auto& bad : {id + ".5", std::string("1e300"), std::string("9223372036854775808"),
                            std::string("99999999999999999999999"), '"' + id + '"',
                            std::string("true"), std::string("null"), '[' + id + ']'}) {
        EXPECT_TRUE(is_error(post(kDevices, R"({"device_model_id": )" + bad + '}'), 400,
                             "VALIDATION_FAILED"))
            << bad;
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

}  // namespace
