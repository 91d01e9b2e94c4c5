#include "decoder/values/c_literal.hpp"

#include <algorithm>

namespace coredepot::decoder {

std::string escaped(std::byte character, char quote) {
    const auto code = std::to_integer<unsigned>(character);
    const char c = static_cast<char>(code);
    switch (c) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\a':
            return "\\a";
        case '\b':
            return "\\b";
        case '\f':
            return "\\f";
        case '\v':
            return "\\v";
        case '\\':
            return "\\\\";
        default:
            break;
    }
    if (c == quote) {
        return {'\\', c};
    }
    if (code >= ' ' && code < 0x7F) {
        return {c};
    }
    const auto digit = [code](unsigned shift) {
        return static_cast<char>('0' + (code >> shift & 7U));
    };
    return {'\\', digit(6), digit(3), digit(0)};
}

std::string quoted_string(std::span<const std::byte> bytes) {
    const auto shown = bytes.first(std::min(bytes.size(), kMaxStringBytes));
    std::string text = "\"";
    for (const std::byte character : shown) {
        if (character == std::byte{0}) {
            return text + '"';
        }
        text += escaped(character, '"');
    }
    return text + "\"...";
}

std::string quoted_bytes(std::span<const std::byte> bytes, bool cut_off) {
    constexpr std::size_t kMostInARow = 10;
    if (!cut_off && !bytes.empty() && bytes.back() == std::byte{0}) {
        bytes = bytes.first(bytes.size() - 1);
    }
    std::string text;
    bool open = false;  // whether quotes are open
    while (!bytes.empty()) {
        const auto other = std::ranges::find_if(
            bytes, [first = bytes.front()](std::byte byte) { return byte != first; });
        const auto count = static_cast<std::size_t>(other - bytes.begin());
        if (count > kMostInARow) {
            text += open ? "\", '" : text.empty() ? "'" : ", '";
            text +=
                escaped(bytes.front(), '\'') + "' <repeats " + std::to_string(count) + " times>";
            open = false;
        } else {
            text += open ? "" : text.empty() ? "\"" : ", \"";
            for (std::size_t i = 0; i < count; ++i) {
                text += escaped(bytes.front(), '"');
            }
            open = true;
        }
        bytes = bytes.subspan(count);
    }
    text += open ? "\"" : text.empty() ? "\"\"" : "";
    return cut_off ? text + "..." : text;
}

}  // namespace coredepot::decoder
