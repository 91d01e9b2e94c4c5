// Times, as clients write them.

#include "domain/time.hpp"
#include "fuzz_input.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto time = from_iso8601(fuzz::text(data, size))) {
        fuzz::require(from_iso8601(to_iso8601(*time)) == time);
    }
    return 0;
}
