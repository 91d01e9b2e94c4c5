// Firmware images, plain or out of a bundle.

#include "core/errors.hpp"
#include "core/firmware/esp_image.hpp"
#include "fuzz_input.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto image = core::read_esp_image(fuzz::text(data, size));
        fuzz::require(FirmwareVersion::parse(image.version.str()).has_value());
        fuzz::require(!image.elf_sha256 || image.elf_sha256->size() == 64);
    } catch (const core::ValidationFailed&) {  // NOLINT(bugprone-empty-catch): refused, as it may
    }
    return 0;
}
