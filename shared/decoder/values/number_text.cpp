#include "decoder/values/number_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/sign_extended.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/values/c_literal.hpp"

namespace coredepot::decoder {
namespace {

std::string floating(double value, int digits) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

}  // namespace

std::string number_text(Dwarf_Die& type, std::uint64_t value, std::size_t bits) {
    const auto encoding = number_attribute(type, DW_AT_encoding).value_or(0);
    switch (encoding) {
        case DW_ATE_boolean:
            return value == 0 ? "false" : value == 1 ? "true" : std::to_string(value);
        case DW_ATE_float:
            return bits == 32 ? floating(std::bit_cast<float>(static_cast<std::uint32_t>(value)), 9)
                   : bits == 64 ? floating(std::bit_cast<double>(value), 17)
                                : hex(value);
        case DW_ATE_signed:
            return std::to_string(sign_extended(value, bits));
        case DW_ATE_signed_char:
        case DW_ATE_unsigned_char: {
            const std::string number = encoding == DW_ATE_signed_char
                                           ? std::to_string(sign_extended(value, bits))
                                           : std::to_string(value);
            const bool character = bits <= kBitsPerByte;
            return character ? number + " '" + escaped(static_cast<std::byte>(value), '\'') + '\''
                             : number;
        }
        default:
            return std::to_string(value);
    }
}

}  // namespace coredepot::decoder
