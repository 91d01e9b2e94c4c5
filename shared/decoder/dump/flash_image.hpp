#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/dump/container.hpp"

namespace coredepot::decoder {

/// The chip and layout for the version word of a dump; empty for an unknown version.
struct VersionLayout {
    std::uint16_t version;  ///< the low half of the version word
    Container::Payload payload;
    std::uint32_t header_bytes;
    std::uint32_t checksum_bytes;  ///< 4: CRC-32, 32: SHA-256
};
std::optional<VersionLayout> find_layout(std::uint32_t version_word);

/// The chip part of a version word.
constexpr std::uint16_t chip_of(std::uint32_t version_word) {
    return static_cast<std::uint16_t>(version_word >> 16U);
}

/// The size of the newest version's header, which is the smallest.
constexpr std::size_t kSmallestHeader = 12;

constexpr std::size_t kVersionOffset = 4;

/// The dump must have at least kSmallestHeader bytes.
inline std::uint32_t version_word(std::span<const std::byte> bytes) {
    return load_u32(bytes.subspan(kVersionOffset));
}

bool is_elf(std::span<const std::byte> bytes);

/// Whether `bytes` start like erased flash.
bool is_blank(std::span<const std::byte> bytes);

/// Whether `bytes`, at least kSmallestHeader of them, are a dump from before ESP-IDF 3.2. It has no
/// version: on a serial port it is the length and then the tasks, and in flash the same between two
/// magic words (esp_core_dump.c, COREDUMP_FLASH_MAGIC_START).
bool is_without_version(std::span<const std::byte> bytes);

/// The form in which a dump came: as bytes, or as text from a serial port.
enum class Form { Bytes, Text };

/// A core ELF, or a flash image with the right length and checksum; empty when it is neither.
/// Throws Undecodable.
std::optional<Container> open_image(std::span<const std::byte> bytes, Form form);

}  // namespace coredepot::decoder
