// Range headers.

#include "fuzz_input.hpp"
#include "http/byte_range.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    for (const std::uint64_t file : {0ULL, 1ULL, 100'000ULL, ~0ULL}) {
        const auto range = http::single_range(input, file);
        if (!range) continue;
        fuzz::require(range->length > 0 && range->first < file);
        fuzz::require(range->length <= file - range->first);
    }
    return 0;
}
