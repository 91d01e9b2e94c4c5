#include "core/alerts/address.hpp"

#include <algorithm>

#include "core/alerts/webhook_signature.hpp"
#include "text/ascii.hpp"
#include "text/integers.hpp"
#include "text/url.hpp"

namespace coredepot::core {
namespace {

bool is_url_character(char c) {
    return c > ' ' && c <= '~' &&
           std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
}

/// `host`, `host:port`, `[::1]:port`
bool is_authority(std::string_view authority) {
    if (authority.empty() || authority.find('@') != std::string_view::npos) return false;
    const auto bracket = authority.rfind(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto host = authority.substr(0, colon);
    if (colon != std::string_view::npos) {
        const auto port = parse_integer(authority.substr(colon + 1));
        if (!port || *port < 1 || *port > 65'535) return false;
    }
    if (host.starts_with('[')) {
        return host.size() > 2 && host.ends_with(']') &&
               std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) {
                   return is_letter_or_digit(c) || c == ':' || c == '.';
               });
    }
    return is_host_name(host);
}

}  // namespace

std::optional<std::string> shown_url(std::string_view url) {
    constexpr std::size_t kLongest = 2000;
    if (url.size() > kLongest || !std::ranges::all_of(url, is_url_character)) return std::nullopt;
    const std::string_view scheme = url.starts_with("https://")  ? "https://"
                                    : url.starts_with("http://") ? "http://"
                                                                 : "";
    if (scheme.empty()) return std::nullopt;
    const auto rest = url.substr(scheme.size());
    const auto authority = rest.substr(0, rest.find_first_of("/?"));
    if (!is_authority(authority)) return std::nullopt;
    std::string shown = std::string(scheme) + std::string(authority);
    if (rest.size() > authority.size() + 1) shown += "/…";
    return shown;
}

bool is_webhook_secret(std::string_view secret) {
    constexpr std::size_t kShortestKey = 24;
    constexpr std::size_t kLongestKey = 64;
    const auto key = signing_key(secret);
    return key && key->size() >= kShortestKey && key->size() <= kLongestKey;
}

}  // namespace coredepot::core
