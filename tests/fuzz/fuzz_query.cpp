// Query strings, as anybody sends them.

#include "fuzz_input.hpp"
#include "http/query.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    fuzz::require(http::percent_decoded(input).size() <= input.size());
    const auto query = http::Query::parse(input);
    for (const auto* name : {"chip", "firmware_version", "device_key", ""}) {
        const auto value = query.get(name);
        fuzz::require(!value || value->size() <= input.size());
    }
    return 0;
}
