// The machine code of a function that comes without call frame information.

#include <cstddef>
#include <cstdint>
#include <span>

#include "decoder/arch/riscv/code_flow.hpp"
#include "decoder/target/memory.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    constexpr std::uint32_t kStart = 0x42000000;
    Memory code;
    code.add({kStart, std::as_bytes(std::span{data, size})});
    const std::uint32_t end = kStart + static_cast<std::uint32_t>(size);
    const std::uint32_t middle = kStart + static_cast<std::uint32_t>(size / 2);
    CodeFlow whole{{{kStart, end}}, code};
    CodeFlow parts{{{middle, end}, {kStart, middle}}, code};
    for (std::uint32_t address = kStart; address < end; address += 16) {
        whole.before(address);
        parts.before(address);
    }
    return 0;
}
