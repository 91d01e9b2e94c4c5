#include "core/firmware/esp_image.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/errors.hpp"
#include "text/hex.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

// Offsets in the file; esp_app_desc_t starts at 32.
constexpr std::size_t kMagicOffset = 32;
constexpr std::string_view kMagic = "\x32\x54\xcd\xab";  // 0xABCD5432, little-endian
constexpr std::size_t kVersionOffset = 48;
constexpr std::size_t kVersionLength = 32;
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
    return {read_version(image), read_elf_sha256(image)};
}

}  // namespace coredepot::core
