// What an upload says of itself in its query: the device's key, the chip and the firmware version.

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"
#include "upload.hpp"

using namespace coredepot::test;

namespace {

std::string count_rows() {
    return stack().sql_value("SELECT count(*) FROM coredumps");
}

TEST(Upload, RequiresTheChip) {
    const auto device = make_device();
    const auto* text = "Missing required query parameter: chip";
    const auto key = "&device_key=" + device.key;
    for (const auto* query : {"firmware_version=1.0.0", "chip=&firmware_version=1.0.0",
                              "chip&firmware_version=1", "Chip=esp32&firmware_version=1"}) {
        EXPECT_TRUE(is_error(post("/api/iot/coredump?" + std::string(query) + key), 400,
                             "VALIDATION_FAILED", text));
    }
    expect_nothing_stored(device);
}

TEST(Upload, RequiresTheFirmwareVersion) {
    const auto device = make_device();
    const auto* text = "Missing required query parameter: firmware_version";
    const auto key = "&device_key=" + device.key;
    for (const auto* query :
         {"chip=esp32", "chip=esp32&firmware_version=", "firmware_version&chip=e"}) {
        EXPECT_TRUE(is_error(post("/api/iot/coredump?" + std::string(query) + key), 400,
                             "VALIDATION_FAILED", text));
    }
    expect_nothing_stored(device);
}

TEST(Upload, RefusesMalformedChips) {
    const auto device = make_device();
    for (const std::string& chip :
         {std::string("ESP32"), std::string("esp32/"), std::string("esp\\32"), std::string("."),
          std::string("esp-32"), std::string("esp32 "), std::string("esp32\n"),
          std::string("\0", 1), std::string("\xc3\xa9"), std::string("\xff"),
          std::string(51, 'e')}) {
        EXPECT_TRUE(is_error(post(upload_target(device.key, chip)), 400, "VALIDATION_FAILED"))
            << percent_encoded(chip);
    }
    expect_nothing_stored(device);
    EXPECT_EQ(post(upload_target(device.key, std::string(50, 'e'))).status, 201);
}

TEST(Upload, RefusesMalformedFirmwareVersions) {
    const auto device = make_device();
    for (const std::string& version :
         {std::string("1/2"), std::string("1\\2"), std::string(".1"), std::string(".."),
          std::string("../1"), std::string("1\n"), std::string("1\x7f"), std::string("1\0", 2),
          std::string("1\t2"), std::string("\xc3\xa9"), std::string("\xff"),
          std::string(51, '1')}) {
        EXPECT_TRUE(
            is_error(post(upload_target(device.key, "esp32", version)), 400, "VALIDATION_FAILED"))
            << percent_encoded(version);
    }
    expect_nothing_stored(device);
    for (const std::string& version :
         {std::string(50, '1'), std::string("v 1.0 (a;b)&c=d%41+e'\"")}) {
        const auto coredump = accepted(post(upload_target(device.key, "esp32", version)));
        EXPECT_EQ(column(coredump, "firmware_version"), version);
    }
}

TEST(Upload, RequiresADeviceKey) {
    for (const auto* query : {"", "&device_key=", "&device_key", "&Device_Key=abcdefgh"}) {
        const auto response =
            post("/api/iot/coredump?chip=esp32&firmware_version=1" + std::string(query));
        EXPECT_TRUE(is_error(response, 401, "AUTHENTICATION_REQUIRED"));
    }
}

TEST(Upload, NoDeviceKeyBecomesAPathUnlessItIsOne) {
    const auto device = make_device();
    upload(device);  // so that there is a folder to get into
    // Without .parse-wanted, which comes with an upload and goes when the runner has seen it.
    const auto before = visible_names_in(stack().coredumps_dir());
    const auto state = names_in(stack().state());
    const auto rows = count_rows();
    auto upper = device.key;
    upper[0] = 'A';
    for (const std::string& key : {std::string("../../x"),
                                   std::string("..%2f..%2fx"),
                                   std::string("/etc/tmp"),
                                   std::string("../xxxxx"),
                                   std::string("."),
                                   std::string(".."),
                                   std::string("abcdefg"),
                                   std::string("abcdefghi"),
                                   std::string("abc-efgh"),
                                   std::string("ABCDEFGH"),
                                   std::string("abcdefg\0", 8),
                                   device.key + std::string("\0", 1),
                                   device.key + '/',
                                   device.key + "/../x",
                                   device.key + '\n',
                                   "./" + device.key,
                                   upper,
                                   std::string("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"),
                                   std::string("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"),
                                   std::string("' OR 1=1"),
                                   std::string(5000, 'a')}) {
        EXPECT_TRUE(is_error(post(upload_target(key)), 404, "RECORD_NOT_FOUND"))
            << percent_encoded(key);
    }
    EXPECT_EQ(visible_names_in(stack().coredumps_dir()), before);
    EXPECT_EQ(names_in(stack().state()), state);
    EXPECT_EQ(count_rows(), rows);
}

TEST(Upload, FirstOfRepeatedParametersCounts) {
    const auto device = make_device();
    const auto coredump =
        accepted(post(upload_target(device.key, "esp32", "1") +
                      "&chip=esp32s3&firmware_version=2&device_key=nobody00&x=y"));
    EXPECT_EQ(column(coredump, "chip || ' ' || firmware_version"), "esp32 1");
}

}  // namespace
