#include "decoder/diagnosis/free_text.hpp"

#include <algorithm>
#include <cstddef>

#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

constexpr auto kNone = std::string_view::npos;

/// Words, addresses and numbers consist of these.
bool is_word_character(char c) {
    return is_letter_or_digit(c) || c == '_' || c == '.' || c == ':' || c == '-';
}

/// `3ffb1234`, `24:6f:28:ab:cd:ef`, `fe80::1`, a UUID. It must be hexadecimal, have a digit (or it
/// might be a word), and be long or divided (or it might be a name).
bool is_hexadecimal(std::string_view word) {
    constexpr std::ptrdiff_t kLong = 6;
    const auto hex = std::ranges::count_if(word, is_hex_digit);
    const auto marks = std::ranges::count_if(word, [](char c) { return c == ':' || c == '-'; });
    const bool any_digit = std::ranges::any_of(word, is_digit);
    const auto letters = std::ranges::count_if(word, is_letter);
    const auto hex_letters =
        std::ranges::count_if(word, [](char c) { return is_letter(c) && is_hex_digit(c); });
    return hex + marks == static_cast<std::ptrdiff_t>(word.size()) && letters == hex_letters &&
           (any_digit ? hex >= kLong || marks >= 2 : marks >= 5);
}

void add_star(std::string& result) {
    if (!result.ends_with('*')) result += '*';
}

/// `uart1` becomes `uart*`; `10.0.0.1`, `0x3ffb` and `-3` become `*`.
void add_word(std::string& result, std::string_view word) {
    if (word.size() > 1 && word.front() == '-' && is_digit(word[1])) word.remove_prefix(1);
    if (is_hexadecimal(word)) return add_star(result);
    while (!word.empty()) {
        if (!is_digit(word.front())) {
            result += word.front();
            word.remove_prefix(1);
            continue;
        }
        const bool hex = word.starts_with("0x") || word.starts_with("0X");
        word.remove_prefix(hex ? 2 : 1);
        while (!word.empty() && (is_digit(word.front()) || (hex && is_hex_digit(word.front())) ||
                                 (word.size() > 1 && word.front() == '.' && is_digit(word[1])))) {
            word.remove_prefix(1);
        }
        add_star(result);
    }
}

/// Where the quote that opens at `open` closes; npos: it is an apostrophe, or never closes.
std::size_t closing_quote(std::string_view text, std::size_t open) {
    const char quote = text[open];
    if (open > 0 && is_letter_or_digit(text[open - 1])) return kNone;
    auto end = text.find(quote, open + 1);
    // An apostrophe inside the quoted part does not close it.
    while (quote == '\'' && end != kNone && end + 1 < text.size() &&
           is_letter_or_digit(text[end + 1])) {
        end = text.find(quote, end + 1);
    }
    return end;
}

}  // namespace

std::string constant_part(std::string_view text) {
    text = text.substr(0, text.find_first_of("\r\n"));
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"' || c == '\'' || c == '`') {
            if (const auto close = closing_quote(text, at); close != kNone) {
                add_star(result);
                at = close + 1;
                continue;
            }
        }
        if (!is_word_character(c)) {
            result += c;
            ++at;
            continue;
        }
        const auto begin = at;
        while (at < text.size() && is_word_character(text[at])) ++at;
        auto word = text.substr(begin, at - begin);
        // Punctuation at the end of a word belongs to the sentence.
        const auto end = word.find_last_not_of(".:-");
        const auto tail = word.substr(end == kNone ? 0 : end + 1);
        word.remove_suffix(tail.size());
        add_word(result, word);
        result += tail;
    }
    return result;
}

}  // namespace coredepot::decoder
