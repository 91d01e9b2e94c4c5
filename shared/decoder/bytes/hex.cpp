#include "decoder/bytes/hex.hpp"

#include <array>
#include <charconv>
#include <cstddef>

namespace coredepot::decoder {

std::string hex(std::uint64_t value) {
    std::array<char, 16> digits{};
    const char* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return "0x" + std::string(static_cast<const char*>(digits.data()), end);
}

std::string hex_address(std::uint32_t value) {
    constexpr std::size_t kWidth = 10;
    std::string text = hex(value);
    text.insert(2, kWidth - text.size(), '0');
    return text;
}

}  // namespace coredepot::decoder
