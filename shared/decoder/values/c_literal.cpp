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

}  // namespace coredepot::decoder
