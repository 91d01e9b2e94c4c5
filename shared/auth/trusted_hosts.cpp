#include "auth/trusted_hosts.hpp"

#include <algorithm>
#include <array>

#include "auth/identity.hpp"
#include "text/ascii.hpp"

namespace coredepot::auth {
namespace {

/// Host and port of `scheme://host:port/path`, in lower case; empty when there is no scheme.
std::string authority(std::string_view url) {
    constexpr std::string_view kSeparator = "://";
    const auto begin = url.find(kSeparator);
    if (begin == std::string_view::npos) return "";
    url.remove_prefix(begin + kSeparator.size());
    return ascii_lower(url.substr(0, url.find_first_of("/?#")));
}

/// Host without port.
std::string_view name_of(std::string_view authority) {
    const auto colon = authority.rfind(':');
    const bool in_address = colon < authority.find(']') && authority.starts_with('[');
    if (colon == std::string_view::npos || in_address) return authority;
    const auto port = authority.substr(colon + 1);
    return std::ranges::all_of(port, is_digit) ? authority.substr(0, colon) : authority;
}

bool is_this_machine(std::string_view name) {
    constexpr std::array<std::string_view, 3> kNames = {"127.0.0.1", "[::1]", "localhost"};
    return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

bool is_of_this_machine(std::string_view url) {
    const auto host = authority(url);
    return is_this_machine(name_of(host));
}

TrustedHosts::TrustedHosts(const std::optional<std::string>& base_url)
    : base_(base_url ? authority(*base_url) : "") {}

void TrustedHosts::check(std::string_view host, std::string_view origin) const {
    const auto asked = ascii_lower(host);
    const auto name = name_of(asked);
    if (!host.empty() && !is_this_machine(name) && (base_.empty() || name != name_of(base_))) {
        throw Forbidden("Host is neither this machine nor BASEURL's");
    }
    if (origin.empty()) return;
    // `null`, which a page sends that hides where it comes from, has none.
    const auto page = authority(origin);
    if (page.empty() || (page != asked && page != base_)) {
        throw Forbidden("Origin is another site than Host and BASEURL say");
    }
}

}  // namespace coredepot::auth
