#include "auth/cookies.hpp"

#include <algorithm>
#include <utility>

#include "text/trim.hpp"

namespace coredepot::auth {
namespace {

constexpr std::string_view kName = "coredepot";
constexpr std::string_view kHostPrefix = "__Host-";

/// Takes the first `name=value` off a Cookie header (RFC 6265, section 5.4).
std::pair<std::string_view, std::string_view> next_cookie(std::string_view& header) {
    const auto pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(pair.size() + 1, header.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return {"", trimmed(pair)};
    return {trimmed(pair.substr(0, equals)), trimmed(pair.substr(equals + 1))};
}

}  // namespace

std::string cookie_name(bool secure, std::string_view suffix) {
    std::string name(secure ? kHostPrefix : "");
    return name.append(kName).append(suffix);
}

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
    std::optional<std::string_view> found;
    while (!header.empty()) {
        const auto [this_name, value] = next_cookie(header);
        if (this_name != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::vector<std::string> cookie_names(std::string_view header, std::string_view prefix) {
    std::vector<std::string> names;
    while (!header.empty()) {
        const auto name = next_cookie(header).first;
        if (name.starts_with(prefix)) names.emplace_back(name);
    }
    return names;
}

std::string set_cookie(bool secure, std::string_view name, std::string_view value,
                       std::chrono::seconds max_age) {
    // Lax, because people reach us from the issuer's page and from links in chats and tickets.
    return std::string(name).append("=").append(value) + "; Path=/; HttpOnly; SameSite=Lax" +
           (secure ? "; Secure" : "") + "; Max-Age=" + std::to_string(max_age.count());
}

std::string forget_cookie(bool secure, std::string_view name) {
    return set_cookie(secure, name, "", std::chrono::seconds(0));
}

}  // namespace coredepot::auth
