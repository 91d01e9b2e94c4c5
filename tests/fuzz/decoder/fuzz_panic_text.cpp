// The text of a panic, down to the report: as RISC-V's against the thermostat's ELF, and as
// Xtensa's up to the memory that is made of its backtrace.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "decoder/decode.hpp"
#include "decoder/index/elf_shelf.hpp"
#include "decoder/output/report_text.hpp"
#include "decoder/panic_text/panic_image.hpp"
#include "decoder/panic_text/panic_text.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    try {
        const std::string_view text{reinterpret_cast<const char*>(data), size};
        if (const auto panic = read_panic_text(text)) {
            image_of(*panic, Architecture::Xtensa);
            image_of(*panic, Architecture::RiscV);
            static ElfShelf shelf{kMaxShelfBytes};
            to_text(decode(std::as_bytes(std::span{data, size}), shelf, FUZZ_ELF, "esp32c3"));
        }
    } catch (const Undecodable&) {  // NOLINT(bugprone-empty-catch): a verdict, as it should be
    }
    return 0;
}
