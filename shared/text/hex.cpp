#include "text/hex.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace coredepot {
namespace {

constexpr std::uint8_t kNoDigit = 0xff;

/// The value of each byte as a digit, or kNoDigit. It is a table for speed: the database sends the
/// answers to reads as digits.
constexpr auto kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::uint8_t digit = 0; digit < 10; ++digit) values.at('0' + digit) = digit;
    for (std::uint8_t digit = 10; digit < 16; ++digit) values.at('a' + digit - 10) = digit;
    return values;
}();

}  // namespace

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '\0');
    auto* next = text.data();
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        *next++ = kDigits[byte >> 4U];
        *next++ = kDigits[byte & 0xfU];
    }
    return text;
}

bool is_lower_hex(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return kValues[c] != kNoDigit; });
}

std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes(hex.size() / 2, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned high = kValues[static_cast<unsigned char>(hex[2 * i])];
        const unsigned low = kValues[static_cast<unsigned char>(hex[2 * i + 1])];
        if (high == kNoDigit || low == kNoDigit) return std::nullopt;
        bytes[i] = static_cast<char>(high << 4U | low);
    }
    return bytes;
}

}  // namespace coredepot
