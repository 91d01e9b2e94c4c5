#include "text/url.hpp"

#include <algorithm>
#include <array>

#include "text/ascii.hpp"

namespace coredepot {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_quotable(char c) {
    return is_letter_or_digit(c) ||
           std::string_view("-._~:/?[]=%+,").find(c) != std::string_view::npos;
}

/// Neither spaces nor control characters.
bool is_one_word(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

/// Every `%` leads a byte in hexadecimal, none of which is 0.
bool is_percent_encoded(std::string_view text) {
    for (auto at = text.find('%'); at != npos; at = text.find('%', at + 3)) {
        const auto digits = text.substr(at + 1, 2);
        if (digits.size() < 2 || !std::ranges::all_of(digits, is_hex_digit) || digits == "00") {
            return false;
        }
    }
    return true;
}

/// What stands before the first of `ends`; `text` keeps the rest, from there on.
std::string_view cut_before(std::string_view& text, std::string_view ends) {
    const auto piece = text.substr(0, text.find_first_of(ends));
    text.remove_prefix(piece.size());
    return piece;
}

/// `name`, `1.2.3.4:5432`, `[::1]:5432`; without a name the default one.
bool is_host_and_port(std::string_view text) {
    constexpr std::size_t kMostDigits = 5;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == npos) return false;
        text.remove_prefix(end + 1);
        if (!text.empty() && text.front() != ':') return false;
    } else {
        cut_before(text, ":");
    }
    text = text.substr(std::min<std::size_t>(text.size(), 1));
    return text.size() <= kMostDigits && std::ranges::all_of(text, is_digit);
}

template <class Predicate>
bool all_pieces(std::string_view list, char separator, Predicate is_good) {
    while (true) {
        const auto end = list.find(separator);
        if (!is_good(list.substr(0, end))) return false;
        if (end == npos) return true;
        list.remove_prefix(end + 1);
    }
}

bool is_parameter(std::string_view text) {
    return std::ranges::count(text, '=') == 1 && !text.starts_with('=');
}

}  // namespace

bool is_http_url(std::string_view text) {
    return is_one_word(text) && ((text.starts_with("http://") && text.size() > 7) ||
                                 (text.starts_with("https://") && text.size() > 8));
}

bool is_postgresql_url(std::string_view text) {
    constexpr std::array<std::string_view, 2> kSchemes = {"postgresql://", "postgres://"};
    const auto* const scheme =
        std::ranges::find_if(kSchemes, [&](auto prefix) { return text.starts_with(prefix); });
    if (scheme == kSchemes.end() || !is_one_word(text) || !is_percent_encoded(text)) return false;
    text.remove_prefix(scheme->size());
    // As libpq does: whatever stands before an @ that comes before a slash.
    auto rest = text;
    cut_before(rest, "@/");
    if (rest.starts_with('@')) text = rest.substr(1);
    const auto hosts = cut_before(text, "/?");
    const auto path = cut_before(text, "?");
    if (hosts.find('@') != npos || path.find('@') != npos) return false;
    if (!all_pieces(hosts, ',', is_host_and_port)) return false;
    return text.size() < 2 || all_pieces(text.substr(1), '&', is_parameter);
}

bool is_quotable_url(std::string_view text) {
    return is_http_url(text) && std::ranges::all_of(text, is_quotable);
}

}  // namespace coredepot
