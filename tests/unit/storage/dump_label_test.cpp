#include "storage/dump_label.hpp"

#include <gtest/gtest.h>

namespace coredepot::storage {
namespace {

DumpLabel label(const std::string& chip, const std::string& version, const std::string& model,
                const std::string& key) {
    return {Chip::trusted(chip), FirmwareVersion::trusted(version), ModelCode::parse(model),
            IdempotencyKey::parse(key)};
}

TEST(DumpLabel, IsALineOfNames) {
    EXPECT_EQ(to_text(label("esp32c3", "1.4.2", "thermostat", "")), "1/esp32c3/thermostat/1.4.2/");
    EXPECT_EQ(to_text(label("esp32", "1.4 beta", "", "a/key")), "1/esp32//1.4 beta/a/key");
}

TEST(DumpLabel, IsReadAsItWasWritten) {
    const std::string fifty(50, 'x');
    for (const auto& written :
         {label("esp32c3", "1.4.2", "thermostat", ""), label("esp32", "1.4 beta", "", "a//key/"),
          label(fifty, fifty, fifty, std::string(255, '/'))}) {
        EXPECT_LE(to_text(written).size(), kMaxLabel);
        EXPECT_EQ(parse_label(to_text(written)), written);
    }
    EXPECT_EQ(to_text(label(fifty, fifty, fifty, std::string(255, '/'))).size(), kMaxLabel);
}

TEST(DumpLabel, AnythingElseIsNone) {
    for (const auto* text : {"", "1", "1/", "1////", "1/esp32c3//1.4.2", "2/esp32c3//1.4.2/",
                             "1/ESP32//1.4.2/", "1/esp32c3/Thermostat/1.4.2/",
                             "1/esp32c3//.hidden/", "1/esp32c3///", "1/esp32c3//1.4.2/k\x7f"}) {
        EXPECT_EQ(parse_label(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace coredepot::storage
