// Host and Origin headers, while no tokens are checked.

#include <string>

#include "auth/identity.hpp"
#include "auth/trusted_hosts.hpp"
#include "fuzz_input.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auth::TrustedHosts hosts("https://depot.example:8443/");
    const auto text = std::string(fuzz::text(data, size));
    // A line for each.
    const auto end = text.find('\n');
    const auto host = text.substr(0, end);
    const auto origin = end == std::string::npos ? "" : text.substr(end + 1);
    try {
        hosts.check(host, origin);
    } catch (const auth::Forbidden&) {
        return 0;
    }
    // What is let in begins with a name that is trusted, in any case; nothing but a port follows.
    const auto rest = host.find_first_of(":]", host.starts_with('[') ? host.find(']') : 0);
    fuzz::require(host.empty() || host.size() >= 5);
    fuzz::require(rest == std::string::npos ||
                  host.find_first_not_of("0123456789:]", rest) == std::string::npos);
    fuzz::require(origin.empty() || origin.find("://") != std::string::npos);
    return 0;
}
