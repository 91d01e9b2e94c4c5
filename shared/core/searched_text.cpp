#include "core/searched_text.hpp"

#include "core/errors.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

bool is_of_word(char c) {
    return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// Whether the byte is the second to fourth of a character.
bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

}  // namespace

bool has_trigram(std::string_view part) {
    constexpr std::size_t kTrigram = 3;
    std::size_t before = 0;  // blanks in front, known only after a character that is in no word
    std::size_t word = 0;    // the word's characters so far
    for (const char c : part) {
        if (is_of_word(c)) {
            if (!continues_character(c)) ++word;
            if (before + word >= kTrigram) return true;
        } else {
            constexpr std::size_t kBehind = 1;
            if (word > 0 && before + word + kBehind >= kTrigram) return true;
            before = 2;
            word = 0;
        }
    }
    return false;
}

void require_searchable(const std::string& text, std::size_t most) {
    const bool is_text = is_utf8(text) && text.find('\0') == std::string::npos;
    if (!is_text || character_count(text) > most) {
        throw ValidationFailed("q must be text of 3 to " + std::to_string(most) + " characters");
    }
    if (!has_trigram(text)) {
        throw ValidationFailed("q must have three letters or digits in a row");
    }
}

}  // namespace coredepot::core
