#include "storage/dump_description.hpp"

#include <gtest/gtest.h>

namespace coredepot::storage {
namespace {

TEST(DumpDescription, HasWhatThePredecessorKnew) {
    const auto description = parse_description(R"({
        "chip": "esp32c3", "firmware_version": "1.4.2", "device_key": "abcd1234",
        "model_code": "thermostat", "uploaded_at": "2026-02-11T14:30:00.123456+00:00"})");
    ASSERT_TRUE(description);
    EXPECT_EQ(description->device, DeviceKey::trusted("abcd1234"));
    EXPECT_EQ(description->label,
              (DumpLabel{Chip::trusted("esp32c3"), FirmwareVersion::trusted("1.4.2"),
                         ModelCode::trusted("thermostat"), std::nullopt}));
}

TEST(DumpDescription, ChipAndVersionAreEnough) {
    const auto description =
        parse_description(R"({"chip":"esp32","firmware_version":"1","model_code":null})");
    ASSERT_TRUE(description);
    EXPECT_FALSE(description->device);
    EXPECT_FALSE(description->label.model_code);
}

TEST(DumpDescription, AnythingElseIsNone) {
    for (const auto* text : {
             "",
             "[]",
             "{}",
             R"({"chip":"esp32"})",
             R"({"firmware_version":"1"})",
             R"({"chip":"../x","firmware_version":"1"})",
             R"({"chip":"esp32","firmware_version":"a/b"})",
             R"({"chip":"esp32","firmware_version":1})",
             R"({"chip":"esp32","firmware_version":"1","device_key":"../../etc"})",
             R"({"chip":"esp32","firmware_version":"1","device_key":7})",
             R"({"chip":"esp32","firmware_version":"1","model_code":"A B"})",
         }) {
        EXPECT_FALSE(parse_description(text)) << text;
    }
}

}  // namespace
}  // namespace coredepot::storage
