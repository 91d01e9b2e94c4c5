#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/firmware/esp_image.hpp"
#include "domain/names.hpp"

namespace coredepot::core {

/// A firmware bundle that follows every rule.
struct Bundle {
    std::string image;  ///< the .bin
    EspImage image_facts;
    /// The image's version, which must match version.json; or version.json's, if the image only has
    /// a framework's version.
    FirmwareVersion version;
    std::string elf_sha256;  ///< of the ELF in the bundle, 64 hex characters
};

/// The most that a bundle may unpack to in total when uploads may have `max_firmware_bytes`: four
/// times that.
constexpr std::uint64_t max_unpacked_bytes(std::uint64_t max_firmware_bytes) {
    return max_firmware_bytes * 4;
}

/// Whether an upload is a bundle. Everything else is taken for a plain image.
bool looks_like_bundle(std::string_view upload);

/// The files in a bundle: `{code}.bin`, `{code}.elf`, `{code}.map`, `sdkconfig`, `version.json`.
std::vector<std::string> bundle_filenames(const ModelCode& code);
std::string elf_filename(const ModelCode& code);
std::string image_filename(const ModelCode& code);

/// Reads a bundle of the model. It may unpack to at most `max_unpacked` bytes and, above 16 MiB, to
/// at most a hundred times its own size. Throws ValidationFailed, `Invalid firmware ZIP: …`, with
/// the first rule that it breaks.
Bundle read_bundle(std::string_view zip, const ModelCode& code, std::uint64_t max_unpacked);

}  // namespace coredepot::core
