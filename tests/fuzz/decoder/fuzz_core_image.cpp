// Containers, notes, tasks: everything that is read off a dump before its ELF is looked at.

#include <cstddef>
#include <cstdint>
#include <span>

#include "decoder/dump/container.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/dump/exception.hpp"
#include "decoder/limits/undecodable.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    try {
        const Container container = open_container(std::as_bytes(std::span{data, size}));
        const CoreImage image = read_core_image(container);
        find_exception(image);
        named_special_registers(image);
    } catch (const Undecodable&) {  // NOLINT(bugprone-empty-catch): a verdict, as it should be
    }
    return 0;
}
