#include "domain/names.hpp"

#include <string>

#include <gtest/gtest.h>

#include "domain/coredump.hpp"
#include "domain/device.hpp"

namespace coredepot {
namespace {

using namespace std::string_literals;

const std::string k50(50, 'a');
const std::string k51(51, 'a');

TEST(ModelCode, TakesLowerCaseDigitsAndUnderscores) {
    EXPECT_TRUE(ModelCode::parse("a"));
    EXPECT_TRUE(ModelCode::parse("_"));
    EXPECT_TRUE(ModelCode::parse("thermostat_2"));
    EXPECT_EQ(ModelCode::parse("thermostat_2")->str(), "thermostat_2");
}

TEST(ModelCode, HasOneToFiftyCharacters) {
    EXPECT_FALSE(ModelCode::parse(""));
    EXPECT_TRUE(ModelCode::parse(k50));
    EXPECT_FALSE(ModelCode::parse(k51));
}

TEST(ModelCode, RefusesEverythingElse) {
    for (const auto& text : {"A"s, "a-b"s, "a.b"s, "a b"s, "a/b"s, "../a"s, "a\n"s, "\na"s, "a\0"s,
                             "\0"s, "\xc3\xa9"s, "a\xff"s}) {
        EXPECT_FALSE(ModelCode::parse(text)) << text;
    }
}

TEST(DeviceKey, IsEightLowerCaseOrDigits) {
    EXPECT_TRUE(DeviceKey::parse("abcd1234"));
    EXPECT_TRUE(DeviceKey::parse("00000000"));
    for (const auto& text :
         {""s, "a"s, "abcd123"s, "abcd12345"s, k50, "ABCD1234"s, "abcd_234"s, "abcd/234"s,
          "../../.."s, "abcd12\0"s, "abcd123\n"s, "abcd12\xc3\xa9"s}) {
        EXPECT_FALSE(DeviceKey::parse(text)) << text;
    }
}

TEST(Chip, IsOneToFiftyLowerCaseOrDigits) {
    EXPECT_TRUE(Chip::parse("esp32c3"));
    EXPECT_TRUE(Chip::parse("3"));
    EXPECT_TRUE(Chip::parse(k50));
    for (const auto& text :
         {""s, k51, "ESP32"s, "esp32-c3"s, "esp32_c3"s, "esp32 "s, "esp32\0"s, "esp/32"s}) {
        EXPECT_FALSE(Chip::parse(text)) << text;
    }
}

TEST(FirmwareVersion, TakesPrintableAscii) {
    for (const auto& text : {"1.2.3"s, "v1"s, "1.0.0-rc.1+build 5"s, " "s, "~"s, "1..2"s, "a.zip"s,
                             "$(id)"s, "'\"%00"s, k50}) {
        EXPECT_TRUE(FirmwareVersion::parse(text)) << text;
    }
}

TEST(FirmwareVersion, RefusesWhatCouldBeAPathOrIsNoText) {
    for (const auto& text : {""s, k51, "."s, ".."s, ".1"s, "1/2"s, "1\\2"s, "1\x1f"s, "1\x7f"s,
                             "1\n"s, "1\0"s, "\0"s, "1.0-\xc3\xa9"s, "\xff"s}) {
        EXPECT_FALSE(FirmwareVersion::parse(text)) << text;
    }
}

TEST(DumpFilename, HasOneShape) {
    EXPECT_TRUE(DumpFilename::parse("coredump_20260211T143000_123456Z.dmp"));
    for (const auto& text :
         {""s, "coredump_20260211T143000_123456Z.dm"s, "coredump_20260211T143000_123456Z.dmpx"s,
          "coredump_20260211t143000_123456Z.dmp"s, "coredump_2026021aT143000_123456Z.dmp"s,
          "coredump_########T######_######Z.dmp"s, "../redump_20260211T143000_123456Z.dmp"s,
          "coredump_20260211T143000_123456Z.dmp\n"s}) {
        EXPECT_FALSE(DumpFilename::parse(text)) << text;
    }
}

TEST(IdempotencyKey, IsPrintableAscii) {
    for (const auto& text :
         {"k"s, " "s, "~"s, "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""s, std::string(255, 'k')}) {
        EXPECT_TRUE(IdempotencyKey::parse(text)) << text;
    }
    for (const auto& text :
         {""s, "a\tb"s, "a\n"s, "\x7f"s, "\xc3\xa9"s, "a\0b"s, std::string(256, 'k')}) {
        EXPECT_FALSE(IdempotencyKey::parse(text)) << text;
    }
}

TEST(ClientId, IsPrintableAsciiAndNotOneThatNamesADeviceByItself) {
    for (const auto& text : {"0oa1b2"s, "a b"s, "4c9f0f2e-5d3b-4a8e-9b57-2f4d5c6b7a80"s,
                             "iotdevice"s, std::string(255, 'k')}) {
        EXPECT_TRUE(ClientId::parse(text)) << text;
    }
    for (const auto& text : {""s, "a\tb"s, "\xc3\xa9"s, "a\0b"s, std::string(256, 'k'),
                             "iotdevice-"s, "iotdevice-a-abcd1234"s}) {
        EXPECT_FALSE(ClientId::parse(text)) << text;
    }
}

TEST(Name, TrustedTextThatDoesNotMatchIsAFaultOfOurs) {
    EXPECT_EQ(DeviceKey::trusted("abcd1234").str(), "abcd1234");
    EXPECT_THROW(DeviceKey::trusted("nope"), std::logic_error);
}

TEST(ParseStatus, IsWrittenAndReadByTheSameNames) {
    for (const auto status : {ParseStatus::Pending, ParseStatus::Parsed, ParseStatus::Error}) {
        EXPECT_EQ(parse_status_from(to_string(status)), status);
    }
    EXPECT_EQ(to_string(ParseStatus::Pending), "PENDING");
    EXPECT_EQ(to_string(ParseStatus::Parsed), "PARSED");
    EXPECT_EQ(to_string(ParseStatus::Error), "ERROR");
    EXPECT_THROW(parse_status_from("pending"), std::logic_error);
}

TEST(Device, ClientIdNamesModelAndKey) {
    const Device device{
        1,           DeviceKey::trusted("abcd1234"), 2, ModelCode::trusted("a_b"), std::nullopt,
        std::nullopt};
    EXPECT_EQ(client_id(device), "iotdevice-a_b-abcd1234");
}

}  // namespace
}  // namespace coredepot
