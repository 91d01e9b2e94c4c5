#include "text/base64.hpp"

#include <cstdint>

namespace coredepot {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kByteBits = 8;
constexpr unsigned kDigitBits = 6;

std::string encode(std::string_view bytes, std::string_view digits) {
    constexpr std::uint32_t kDigitMask = (1U << kDigitBits) - 1;
    std::string text;
    text.reserve((bytes.size() * kByteBits + kDigitBits - 1) / kDigitBits);
    std::uint32_t bits = 0;
    unsigned pending = 0;  // how many of the last bits no digit has yet
    for (const auto c : bytes) {
        bits = bits << kByteBits | static_cast<std::uint8_t>(c);
        pending += kByteBits;
        while (pending >= kDigitBits) {
            pending -= kDigitBits;
            text.push_back(digits[bits >> pending & kDigitMask]);
        }
    }
    if (pending > 0) text.push_back(digits[bits << (kDigitBits - pending) & kDigitMask]);
    return text;
}

std::optional<std::string> decode(std::string_view text, std::string_view digits) {
    std::string decoded;
    decoded.reserve(text.size() * kDigitBits / kByteBits);
    std::uint32_t bits = 0;
    unsigned pending = 0;  // how many of the last bits no byte has yet
    for (const auto c : text) {
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << kDigitBits | static_cast<std::uint32_t>(digit);
        pending += kDigitBits;
        if (pending < kByteBits) continue;
        pending -= kByteBits;
        decoded.push_back(static_cast<char>(bits >> pending & 0xFF));
    }
    // Refuse a digit that adds nothing to any byte, and left-over bits that are set.
    const auto left_over = bits & ((1U << pending) - 1);
    if (pending == kDigitBits || left_over != 0) return std::nullopt;
    return decoded;
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
    constexpr std::size_t kGroup = 4;
    auto text = encode(bytes, kDigits);
    text.resize((text.size() + kGroup - 1) / kGroup * kGroup, '=');
    return text;
}

std::string encode_base64url(std::string_view bytes) {
    return encode(bytes, kUrlDigits);
}

std::optional<std::string> decode_base64(std::string_view text) {
    const auto unpadded = text.substr(0, text.find('='));
    auto bytes = decode(unpadded, kDigits);
    if (!bytes || encode_base64(*bytes) != text) return std::nullopt;
    return bytes;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    return decode(text, kUrlDigits);
}

}  // namespace coredepot
