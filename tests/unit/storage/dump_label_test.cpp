#include "storage/dump_label.hpp"

#include <gtest/gtest.h>

namespace coredepot::storage {
namespace {

constexpr const char* kHash = "0123456789abcdef";

DumpLabel label(const std::string& chip, const std::string& version, const std::string& model,
                const std::string& key, const std::optional<std::string>& hash = std::nullopt) {
    return {Chip::trusted(chip), FirmwareVersion::trusted(version), ModelCode::parse(model),
            IdempotencyKey::parse(key), hash};
}

TEST(DumpLabel, IsALineOfNames) {
    EXPECT_EQ(to_text(label("esp32c3", "1.4.2", "thermostat", "", kHash)),
              "2/0123456789abcdef/esp32c3/thermostat/1.4.2/");
    EXPECT_EQ(to_text(label("esp32", "1.4 beta", "", "a/key", kHash)),
              "2/0123456789abcdef/esp32//1.4 beta/a/key");
}

// As earlier versions wrote it.
TEST(DumpLabel, MayHaveNoHash) {
    EXPECT_EQ(to_text(label("esp32c3", "1.4.2", "thermostat", "")), "1/esp32c3/thermostat/1.4.2/");
    EXPECT_EQ(parse_label("1/esp32//1.4 beta/a/key"), label("esp32", "1.4 beta", "", "a/key"));
}

TEST(DumpLabel, IsReadAsItWasWritten) {
    const std::string fifty(50, 'x');
    for (const auto& written :
         {label("esp32c3", "1.4.2", "thermostat", ""), label("esp32", "1.4 beta", "", "a//key/"),
          label("esp32", "1.4 beta", "", "a//key/", kHash),
          label(fifty, fifty, fifty, std::string(255, '/'), kHash)}) {
        EXPECT_LE(to_text(written).size(), kMaxLabel);
        EXPECT_EQ(parse_label(to_text(written)), written);
    }
    EXPECT_EQ(to_text(label(fifty, fifty, fifty, std::string(255, '/'), kHash)).size(), kMaxLabel);
}

TEST(DumpLabel, AnythingElseIsNone) {
    for (const auto* text :
         {"", "1", "1/", "1////", "1/esp32c3//1.4.2", "2/esp32c3//1.4.2/", "1/ESP32//1.4.2/",
          "1/esp32c3/Thermostat/1.4.2/", "1/esp32c3//.hidden/", "1/esp32c3///",
          "1/esp32c3//1.4.2/k\x7f", "2/0123456789abcde/esp32c3//1.4.2/",
          "2/0123456789ABCDEF/esp32c3//1.4.2/", "1/0123456789abcdef/esp32c3//1.4.2/",
          "2//esp32c3//1.4.2/", "3/0123456789abcdef/esp32c3//1.4.2/"}) {
        EXPECT_EQ(parse_label(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace coredepot::storage
