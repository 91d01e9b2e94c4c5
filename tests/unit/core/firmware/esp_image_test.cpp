#include "core/firmware/esp_image.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"
#include "support/firmware.hpp"

namespace coredepot::core {
namespace {

using namespace std::string_literals;
using test::esp_image;

std::string refusal(std::string_view image) {
    try {
        read_esp_image(image);
    } catch (const ValidationFailed& error) {
        return error.what();
    }
    return "";
}

/// An image whose 32 bytes of version are these, padded with `padding`.
std::string with_version_bytes(std::string bytes, char padding = '\0') {
    auto image = esp_image("1.0");
    bytes.resize(32, padding);
    image.replace(48, 32, bytes);
    return image;
}

TEST(EspImage, VersionAndElf) {
    const auto sha256 = "00ff" + std::string(60, '1');
    const auto image = read_esp_image(esp_image("1.2.3", sha256));
    EXPECT_EQ(image.version.str(), "1.2.3");
    EXPECT_EQ(image.elf_sha256, sha256);
}

TEST(EspImage, OfOurOwnCrash) {
    const auto image = read_esp_image(test::thermostat_file("thermostat.bin"));
    EXPECT_EQ(image.version.str(), "1.4.2");
    EXPECT_TRUE(image.elf_sha256);
}

TEST(EspImage, ShorterThan80BytesIsRefused) {
    const auto image = esp_image("1.0");
    EXPECT_EQ(refusal(image.substr(0, 79)), "Invalid firmware image: shorter than 80 bytes");
    EXPECT_EQ(refusal(""), "Invalid firmware image: shorter than 80 bytes");
    EXPECT_EQ(refusal(image.substr(0, 80)), "");
    EXPECT_FALSE(read_esp_image(image.substr(0, 80)).elf_sha256);
}

TEST(EspImage, NeedsTheMagicAtOffset32) {
    const auto good = esp_image("1.0");
    for (std::size_t i = 32; i < 36; ++i) {
        auto image = good;
        image[i] = static_cast<char>(image[i] + 1);
        EXPECT_EQ(refusal(image), "Invalid firmware image: no ESP application descriptor");
    }
    EXPECT_EQ(refusal("x" + good), "Invalid firmware image: no ESP application descriptor");
    EXPECT_EQ(refusal(std::string(4096, '\0')),
              "Invalid firmware image: no ESP application descriptor");
}

TEST(EspImage, VersionMustNotBeEmpty) {
    EXPECT_EQ(refusal(with_version_bytes("")), "Invalid firmware image: the version is empty");
    EXPECT_EQ(refusal(with_version_bytes("\0x1.0"s)),
              "Invalid firmware image: the version is empty");
}

TEST(EspImage, VersionMustBeUtf8) {
    for (const auto& bytes : {"\xff"s, "1.0\xc3"s, "\xc0\x80"s}) {
        EXPECT_EQ(refusal(with_version_bytes(bytes)),
                  "Invalid firmware image: the version is not UTF-8");
    }
}

TEST(EspImage, VersionMustBeFitForAFileName) {
    for (const auto& bytes :
         {"1/2"s, "../../etc"s, "1\\2"s, ".hidden"s, "1\n2"s, "1\x7f"s, "caf\xc3\xa9"s}) {
        EXPECT_EQ(refusal(with_version_bytes(bytes)),
                  "Invalid firmware image: the version must be printable ASCII without / or \\ and "
                  "not start with a dot");
    }
}

TEST(EspImage, VersionOf32BytesNeedsNoNul) {
    const std::string longest(32, 'v');
    EXPECT_EQ(read_esp_image(with_version_bytes(longest)).version.str(), longest);
    // The byte behind the field is of another field, whatever it is.
    auto image = with_version_bytes(longest);
    image[80] = 'x';
    EXPECT_EQ(read_esp_image(image).version.str(), longest);
}

TEST(EspImage, WhatFollowsTheNulDoesNotCount) {
    EXPECT_EQ(read_esp_image(with_version_bytes("1.0\0/\xff"s)).version.str(), "1.0");
}

TEST(EspImage, AllZeroMeansTheElfIsUnknown) {
    EXPECT_FALSE(read_esp_image(esp_image("1.0")).elf_sha256);
    const auto almost = std::string(62, '0') + "01";
    EXPECT_EQ(read_esp_image(esp_image("1.0", almost)).elf_sha256, almost);
}

TEST(EspImage, AnImageTooShortForTheElfHashHasNone) {
    const auto image = esp_image("1.0", std::string(64, 'a'));
    EXPECT_TRUE(read_esp_image(image.substr(0, 208)).elf_sha256);
    EXPECT_FALSE(read_esp_image(image.substr(0, 207)).elf_sha256);
}

}  // namespace
}  // namespace coredepot::core
