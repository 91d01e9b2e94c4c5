#include "domain/mail_address.hpp"

#include <algorithm>

#include "text/ascii.hpp"
#include "text/url.hpp"

namespace coredepot {
namespace {

bool is_atom_character(char c) {
    return is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
}

bool is_domain(std::string_view text) {
    return is_host_name(text) && text.front() != '-';
}

}  // namespace

bool is_mail_address(std::string_view address) {
    constexpr std::size_t kLongest = 254;  // RFC 5321, section 4.5.3.1.3
    constexpr std::size_t kLongestLocal = 64;
    const auto at = address.find('@');
    if (address.size() > kLongest || at == std::string_view::npos || at > kLongestLocal)
        return false;
    const auto local = address.substr(0, at);
    return has_good_dots(local) && std::ranges::all_of(local, is_atom_character) &&
           is_domain(address.substr(at + 1));
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const auto comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

}  // namespace coredepot
