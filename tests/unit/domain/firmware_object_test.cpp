#include "domain/firmware_object.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using Kind = FirmwareObject::Kind;

const std::string kSha256(64, 'a');
const ModelCode kCode = ModelCode::trusted("thermostat");

TEST(FirmwareObjectTest, KeysSayModelAndContent) {
    const FirmwareObject bundle{Kind::Bundle, kCode, kSha256};
    EXPECT_EQ(bundle.key(), "bundles/thermostat/" + kSha256 + ".zip");
    const FirmwareObject image{Kind::Image, kCode, kSha256};
    EXPECT_EQ(image.key(), "images/thermostat/" + kSha256 + ".bin");
    for (const auto& object : {bundle, image}) {
        EXPECT_EQ(FirmwareObject::parse(object.key()), object);
        EXPECT_TRUE(object.key().starts_with(firmware_prefix(object.kind, kCode)));
        EXPECT_TRUE(object.key().starts_with(firmware_prefix(object.kind)));
    }
}

TEST(FirmwareObjectTest, OtherKeysAreNotFirmware) {
    for (const auto& key :
         {std::string(), std::string("bundles/"), "bundles/" + kSha256 + ".zip",
          "bundles/thermostat/" + kSha256 + ".bin", "images/thermostat/" + kSha256 + ".zip",
          "bundles/Thermostat/" + kSha256 + ".zip", "bundles/../" + kSha256 + ".zip",
          "bundles/thermostat/a/" + kSha256 + ".zip", "bundles/thermostat/" + kSha256 + "a.zip",
          "bundles/thermostat/" + std::string(64, 'A') + ".zip",
          "bundles/thermostat/" + std::string(63, 'a') + ".zip",
          "coredumps/thermostat/" + kSha256 + ".zip"}) {
        EXPECT_FALSE(FirmwareObject::parse(key)) << key;
    }
}

}  // namespace
}  // namespace coredepot
