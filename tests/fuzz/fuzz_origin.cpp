// Host, X-Forwarded-Proto and X-Forwarded-Host headers: what of them gets into a script that people
// run.

#include <optional>
#include <string>

#include "core/errors.hpp"
#include "fuzz_input.hpp"
#include "http/origin.hpp"
#include "text/url.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A line for each of the three.
    auto rest = std::string(fuzz::text(data, size));
    const auto next = [&] {
        const auto end = rest.find('\n');
        auto line = rest.substr(0, end);
        rest.erase(0, end == std::string::npos ? end : end + 1);
        return line;
    };
    http::Request request;
    request.scheme = "http";
    request.host = next();
    request.forwarded_proto = next();
    if (!rest.empty()) request.forwarded_host = next();
    try {
        fuzz::require(is_quotable_url(http::origin(request)));
    } catch (const core::ValidationFailed&) {
    }
    return 0;
}
