#include "http/origin.hpp"

#include <regex>
#include <string_view>

#include "core/errors.hpp"
#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::http {
namespace {

/// `a` of `a, b`: each proxy appends its own value (see RFC 7239, section 7.1, on Forwarded).
std::string_view first_of(std::string_view list) {
    return trimmed(list.substr(0, list.find(',')));
}

/// A name, an IPv4 address, or an IPv6 address in brackets; then perhaps a port. Host names have no
/// underscores (RFC 952), but containers' names do.
bool is_authority(const std::string& text) {
    // The longest name in DNS, plus a port. Do not run a regular expression on anything longer.
    constexpr std::size_t kLongest = 253 + 6;
    static const std::regex authority(
        R"(([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?)");
    return text.size() <= kLongest && std::regex_match(text, authority);
}

}  // namespace

std::string origin(const Request& request) {
    // RFC 3986, section 3.1.
    const auto scheme =
        ascii_lower(first_of(request.forwarded_proto ? *request.forwarded_proto : request.scheme));
    const std::string host(
        first_of(request.forwarded_host ? *request.forwarded_host : request.host));
    if (scheme != "http" && scheme != "https") {
        throw core::ValidationFailed("X-Forwarded-Proto is neither http nor https");
    }
    if (!is_authority(host)) {
        throw core::ValidationFailed("Host or X-Forwarded-Host is not the name of a host");
    }
    return scheme + "://" + host;
}

std::optional<std::string> known_origin(const Request& request) {
    try {
        return origin(request);
    } catch (const core::ValidationFailed&) {
        return std::nullopt;
    }
}

}  // namespace coredepot::http
