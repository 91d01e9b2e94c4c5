#pragma once

#include <string_view>

namespace coredepot {

/// `text` without characters of `blanks` at either end. The default is HTTP's whitespace (RFC 9110,
/// section 5.6.3).
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return "";
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace coredepot
