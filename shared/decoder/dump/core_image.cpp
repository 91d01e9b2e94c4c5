#include "decoder/dump/core_image.hpp"

#include "decoder/dump/bin_core.hpp"
#include "decoder/dump/elf_core.hpp"
#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

/// Before ESP-IDF 5 the header has a single number: the major revision on the ESP32, where
/// revisions start at 1, and the minor revision on all others. Since then it is major * 100 +
/// minor.
std::optional<std::uint32_t> revision_of(const Container& container) {
    constexpr std::uint32_t kMajor = 100;
    const bool major = container.chip != nullptr && container.chip->name == "esp32";
    if (container.chip_revision && major && *container.chip_revision < kMajor) {
        return *container.chip_revision * kMajor;
    }
    return container.chip_revision;
}

}  // namespace

CoreImage read_core_image(const Container& container) {
    CoreImage image = container.payload == Container::Payload::Elf ? read_elf_core(container)
                                                                   : read_bin_core(container);
    image.chip_revision = revision_of(container);
    image.own_bytes = container.decoded;
    if (image.tasks.empty()) {
        throw Undecodable{"the core dump has no tasks"};
    }
    return image;
}

}  // namespace coredepot::decoder
