#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/names.hpp"

namespace coredepot::core {

/// The parts of an application image (`.bin`) that Coredepot reads: the esp_app_desc_t that ESP-IDF
/// puts at the start of the first segment (esp_app_desc.h), after the image header of 24 bytes and
/// the segment header of 8.
struct EspImage {
    FirmwareVersion version;
    /// The SHA-256 of the ELF from which the image was made, 64 hex characters; empty: unknown.
    std::optional<std::string> elf_sha256;
    /// The version belongs to a framework and is the same in all firmware built with it. Arduino's
    /// core links a descriptor that was compiled once (`esp-idf: v4.4.7 38eeba213a`, of the project
    /// `arduino-lib-builder`).
    bool version_is_frameworks = false;
};

/// Throws ValidationFailed with a reason.
EspImage read_esp_image(std::string_view image);

}  // namespace coredepot::core
