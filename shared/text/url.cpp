#include "text/url.hpp"

#include <algorithm>
#include <utility>

#include "text/ascii.hpp"

namespace coredepot {
namespace {

bool is_quotable(char c) {
    return is_letter_or_digit(c) ||
           std::string_view("-._~:/?[]=%+,").find(c) != std::string_view::npos;
}

}  // namespace

bool is_http_url(std::string_view text) {
    return is_one_word(text) && ((text.starts_with("http://") && text.size() > 7) ||
                                 (text.starts_with("https://") && text.size() > 8));
}

bool is_quotable_url(std::string_view text) {
    return is_http_url(text) && std::ranges::all_of(text, is_quotable);
}

std::string percent_encoded(std::string_view text, std::string_view plain) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kUnreserved = "-._~";
    std::string encoded;
    for (const char c : text) {
        if (is_letter_or_digit(c) || kUnreserved.find(c) != std::string_view::npos ||
            plain.find(c) != std::string_view::npos) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kDigits[byte >> 4U];
        encoded += kDigits[byte & 0xfU];
    }
    return encoded;
}

std::string origin_of(std::string_view url) {
    using Scheme = std::pair<std::string_view, std::string_view>;
    for (const auto& [scheme, port] : {Scheme("http://", ":80"), Scheme("https://", ":443")}) {
        if (!equal_ignoring_case(url.substr(0, scheme.size()), scheme)) continue;
        url.remove_prefix(scheme.size());
        url = url.substr(0, url.find_first_of("/?#"));
        if (url.ends_with(port)) url.remove_suffix(port.size());
        return url.empty() ? "" : std::string(scheme) + ascii_lower(url);
    }
    return "";
}

bool has_good_dots(std::string_view text) {
    return !text.empty() && text.front() != '.' && text.back() != '.' &&
           text.find("..") == std::string_view::npos;
}

bool is_host_name(std::string_view text) {
    return has_good_dots(text) && std::ranges::all_of(text, [](char c) {
               return is_letter_or_digit(c) || c == '-' || c == '.';
           });
}

bool is_mail_server_url(std::string_view text) {
    const auto colon = text.find("://");
    const auto scheme = text.substr(0, colon);
    if (colon == std::string_view::npos || (scheme != "smtp" && scheme != "smtps")) return false;
    const auto place = text.substr(colon + 3);
    return !place.empty() && std::ranges::all_of(place, [](char c) {
        return is_letter_or_digit(c) || std::string_view("-.:[]").find(c) != std::string_view::npos;
    });
}

}  // namespace coredepot
