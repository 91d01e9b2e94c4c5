#include "text/url.hpp"

#include <algorithm>

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

}  // namespace coredepot
