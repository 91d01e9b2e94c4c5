#include "core/firmware/esp_image.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/errors.hpp"
#include "text/hex.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

// Offsets in the file. esp_app_desc_t starts at 32.
constexpr std::size_t kMagicOffset = 32;
constexpr std::string_view kMagic = "\x32\x54\xcd\xab";  // 0xABCD5432, little-endian
constexpr std::size_t kVersionOffset = 48;
constexpr std::size_t kVersionLength = 32;
constexpr std::size_t kProjectOffset = 80;
constexpr std::size_t kProjectLength = 32;
constexpr std::size_t kElfSha256Offset = 176;
constexpr std::size_t kSha256Length = 32;
constexpr std::size_t kLeastLength = kVersionOffset + kVersionLength;

FirmwareVersion read_version(std::string_view image) {
    auto text = image.substr(kVersionOffset, kVersionLength);
    text = text.substr(0, text.find('\0'));
    if (text.empty()) throw ValidationFailed("Invalid firmware image: the version is empty");
    if (!is_utf8(text)) throw ValidationFailed("Invalid firmware image: the version is not UTF-8");
    if (auto version = FirmwareVersion::parse(text)) return *version;
    throw ValidationFailed(
        "Invalid firmware image: the version must be printable ASCII without / or \\ and not start "
        "with a dot");
}

bool is_of_framework(std::string_view image, const FirmwareVersion& version) {
    constexpr std::string_view kProject = "arduino-lib-builder";
    constexpr std::string_view kVersion = "esp-idf: ";
    if (image.size() < kProjectOffset + kProjectLength) return false;
    const auto project = image.substr(kProjectOffset, kProjectLength);
    return project.substr(0, project.find('\0')) == kProject || version.str().starts_with(kVersion);
}

std::optional<std::string> read_elf_sha256(std::string_view image) {
    if (image.size() < kElfSha256Offset + kSha256Length) return std::nullopt;
    const auto sha256 = image.substr(kElfSha256Offset, kSha256Length);
    if (std::ranges::all_of(sha256, [](char c) { return c == '\0'; })) return std::nullopt;
    return to_hex(sha256);
}

}  // namespace

EspImage read_esp_image(std::string_view image) {
    if (image.size() < kLeastLength) {
        throw ValidationFailed("Invalid firmware image: shorter than 80 bytes");
    }
    if (image.substr(kMagicOffset, kMagic.size()) != kMagic) {
        throw ValidationFailed("Invalid firmware image: no ESP application descriptor");
    }
    auto version = read_version(image);
    const bool of_framework = is_of_framework(image, version);
    return {std::move(version), read_elf_sha256(image), of_framework};
}

}  // namespace coredepot::core
