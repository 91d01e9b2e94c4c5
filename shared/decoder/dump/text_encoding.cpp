#include "decoder/dump/text_encoding.hpp"

#include <algorithm>

#include "text/ascii.hpp"

namespace coredepot::decoder {

namespace {

/// Whether `bytes`, at least at their start, are ASCII characters each followed by a zero.
bool is_utf16_without_mark(std::span<const std::byte> bytes) {
    constexpr std::size_t kEnough = 16;
    const auto characters = bytes.first(std::min(bytes.size(), 2 * kEnough));
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const auto c = static_cast<char>(characters[i]);
        const bool text = is_printable_ascii(c) || c == '\r' || c == '\n' || c == '\t';
        if (i % 2 == 0 ? !text : c != '\0') {
            return false;
        }
    }
    return characters.size() == 2 * kEnough;
}

/// Where the next string of a JSON array begins, if one ends at `quote`.
std::optional<std::size_t> string_behind(std::string_view text, std::size_t quote) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto comma =
        text[quote] == '"' ? text.find_first_not_of(kBlanks, quote + 1) : std::string_view::npos;
    if (comma == std::string_view::npos || text[comma] != ',') {
        return std::nullopt;
    }
    const auto next = text.find_first_not_of(kBlanks, comma + 1);
    return next != std::string_view::npos && text[next] == '"' ? std::optional{next} : std::nullopt;
}

}  // namespace

std::optional<std::string> text_of_utf16(std::span<const std::byte> bytes) {
    constexpr std::byte kMarkLow{0xFE};
    constexpr std::byte kMarkHigh{0xFF};
    const bool little = bytes.size() >= 2 && bytes[0] == kMarkHigh && bytes[1] == kMarkLow;
    const bool big = bytes.size() >= 2 && bytes[0] == kMarkLow && bytes[1] == kMarkHigh;
    const bool unmarked = !little && !big && is_utf16_without_mark(bytes);
    if (!little && !big && !unmarked) {
        return std::nullopt;
    }
    std::string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t i = unmarked ? 0 : 2; i + 1 < bytes.size(); i += 2) {
        const std::byte low = bytes[big ? i + 1 : i];
        const std::byte high = bytes[big ? i : i + 1];
        const bool ascii = high == std::byte{0} && (low & std::byte{0x80}) == std::byte{0};
        text += ascii ? static_cast<char>(low) : '?';
    }
    return text;
}

std::string text_of(std::span<const std::byte> bytes) {
    if (auto text = text_of_utf16(bytes)) {
        return *std::move(text);
    }
    // Editors put it at the start of UTF-8.
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    return std::string{text};
}

std::string without_colours(std::string_view text) {
    constexpr std::string_view kEscape = "\x1B[";
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with(kEscape)) {
            const auto end = text.find_first_not_of("0123456789;", i + kEscape.size());
            i = std::min(end, text.size() - 1);
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::string with_real_ends_of_lines(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\\' && (next == 'n' || next == 'r')) {
            plain += '\n';
            ++i;
        } else if (text[i] == '\r') {
            plain += '\n';
        } else if (const auto next_string = string_behind(text, i)) {
            plain += '\n';
            i = *next_string;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::vector<std::byte> decode_hex(std::string_view text) {
    std::vector<std::byte> bytes;
    std::optional<int> first;
    for (const char c : text) {
        if (is_hex_digit(c)) {
            if (first) {
                bytes.push_back(static_cast<std::byte>(*first * 16 + hex_value(c)));
                first.reset();
            } else {
                first = hex_value(c);
            }
        } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            return {};
        }
    }
    return first ? std::vector<std::byte>{} : bytes;
}

}  // namespace coredepot::decoder
