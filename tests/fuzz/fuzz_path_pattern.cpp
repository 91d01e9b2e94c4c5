// Paths against every pattern that there is.

#include "fuzz_input.hpp"
#include "http/endpoints.hpp"
#include "http/path_pattern.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const auto& spec : http::all_endpoints()) {
        const auto parameters = http::match_path(spec.path, fuzz::text(data, size));
        if (!parameters) continue;
        for (const auto& [name, value] : *parameters) {
            fuzz::require(!value.empty() && value.find('/') == std::string::npos);
        }
    }
    return 0;
}
