// Bodies of uploads that say they are gzip.

#include "fuzz_input.hpp"
#include "gzip.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kLimit = 100'000;
    const auto outcome = gunzip(fuzz::text(data, size), kLimit);
    if (const auto* bytes = std::get_if<std::string>(&outcome)) {
        fuzz::require(bytes->size() <= kLimit);
    }
    return 0;
}
