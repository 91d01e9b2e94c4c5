// Call frame information of an ELF, in both of its formats.

#include <cstddef>
#include <cstdint>
#include <span>

#include "decoder/dwarf/frame_table.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    const auto bytes = std::as_bytes(std::span{data, size});
    for (const auto format : {FrameTable::Format::DebugFrame, FrameTable::Format::EhFrame}) {
        const FrameTable table{{0x3C000000, bytes}, format};
        for (std::uint32_t address = 0x42000000; address < 0x42000100; address += 2) {
            table.find(address);
        }
    }
    return 0;
}
