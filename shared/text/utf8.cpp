#include "text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coredepot {
namespace {

/// The length of the well-formed sequence at the start of `text`; 0 when there is none. The ranges
/// come from table 3-7 of the Unicode standard.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = lead == 0xed ? 0x9f : 0xbf;
        return continues(1, low, high) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
        return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

/// The character that a well-formed sequence of two or three bytes encodes.
char32_t code_point(std::string_view sequence) {
    char32_t code =
        static_cast<unsigned char>(sequence[0]) & (sequence.size() == 2 ? 0x1fU : 0x0fU);
    for (const char c : sequence.substr(1))
        code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
    return code;
}

/// Whether a well-formed sequence is invisible and only affects what is around it. See
/// to_visible().
bool acts_unseen(std::string_view sequence) {
    if (sequence.size() != 2 && sequence.size() != 3) return false;
    const auto code = code_point(sequence);
    const auto within = [code](char32_t first, char32_t last) {
        return code >= first && code <= last;
    };
    return within(0x80, 0x9f) || code == 0x061c || within(0x200e, 0x200f) ||
           within(0x2028, 0x202e) || within(0x2066, 0x2069);
}

/// How many ASCII bytes `text` starts with, in steps of eight. Most texts are all ASCII.
std::size_t ascii_length(std::string_view text) {
    std::size_t length = 0;
    for (std::uint64_t bytes = 0; text.size() - length >= sizeof bytes; length += sizeof bytes) {
        std::memcpy(&bytes, text.data() + length, sizeof bytes);
        if ((bytes & 0x8080808080808080U) != 0) break;
    }
    return length;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (true) {
        text.remove_prefix(ascii_length(text));
        if (text.empty()) return true;
        const auto length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
}

bool is_storable(std::string_view text) {
    return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

std::size_t character_count(std::string_view text) {
    // Every byte except a continuation byte (10xxxxxx) starts a character.
    const auto count = std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
    return static_cast<std::size_t>(count);
}

std::string to_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == 0) {
            result += "\xef\xbf\xbd";
        } else {
            result += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

std::string to_visible(std::string_view text, char mask) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto length = sequence_length(text);
        const auto sequence = text.substr(0, length);
        if (length == 0) {
            result += "\xef\xbf\xbd";
        } else if (length == 1) {
            const bool control = sequence[0] < ' ' || sequence[0] == '\x7f';
            result += control ? mask : sequence[0];
        } else if (acts_unseen(sequence)) {
            result += mask;
        } else {
            result += sequence;
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

}  // namespace coredepot
