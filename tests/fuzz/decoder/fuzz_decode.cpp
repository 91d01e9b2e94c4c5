// The whole decode, down to the text, against one ELF. The first byte says how the rest is wrapped:
// a checksum would keep the fuzzer from ever getting to what lies behind it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "decoder/bytes/crc32.hpp"
#include "decoder/decode.hpp"
#include "decoder/output/report_text.hpp"

namespace {

using coredepot::decoder::crc32;

/// A BIN dump of an ESP32-C3: three tasks, one memory segment, and the checksum that it needs.
std::vector<std::byte> bin_dump(std::span<const std::byte> body) {
    constexpr std::size_t kHeaderWords = 5;
    const std::array<std::uint32_t, kHeaderWords> header = {
        static_cast<std::uint32_t>(body.size() + kHeaderWords * 4 + 4), 0x50002, 3, 340, 1};
    const auto head = std::as_bytes(std::span{header});
    std::vector<std::byte> dump{head.begin(), head.end()};
    dump.insert(dump.end(), body.begin(), body.end());
    const std::uint32_t checksum = crc32(dump);
    const auto tail = std::as_bytes(std::span{&checksum, 1});
    dump.insert(dump.end(), tail.begin(), tail.end());
    return dump;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    const auto input = std::as_bytes(std::span{data, size});
    const bool bin = !input.empty() && input[0] == std::byte{'B'};
    try {
        to_text(bin ? decode(bin_dump(input.subspan(1)), FUZZ_ELF, "")
                    : decode(input, FUZZ_ELF, "esp32c3"));
    } catch (const Undecodable&) {  // NOLINT(bugprone-empty-catch): a verdict, as it should be
    }
    return 0;
}
