#include "decoder/values/number_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/bytes/sign_extended.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/values/c_literal.hpp"

namespace coredepot::decoder {
namespace {

/// A NaN shows the bits of its fraction, `-nan(0x400000)`, as in gdb.
std::string nan_text(bool negative, std::uint64_t fraction) {
    return (negative ? "-nan(" : "nan(") + hex(fraction) + ')';
}

std::string floating(double value, int digits) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string single_text(std::uint32_t bits) {
    constexpr std::uint32_t kFraction = (1U << 23U) - 1;
    const auto value = std::bit_cast<float>(bits);
    return std::isnan(value) ? nan_text(std::signbit(value), bits & kFraction) : floating(value, 9);
}

std::string double_text(std::uint64_t bits) {
    constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52U) - 1;
    const auto value = std::bit_cast<double>(bits);
    return std::isnan(value) ? nan_text(std::signbit(value), bits & kFraction)
                             : floating(value, 17);
}

}  // namespace

std::string float_text(std::uint64_t value, std::size_t bits) {
    return bits == 32   ? single_text(static_cast<std::uint32_t>(value))
           : bits == 64 ? double_text(value)
                        : hex(value);
}

std::string number_text(Dwarf_Die& type, std::uint64_t value, std::size_t bits) {
    const auto encoding = number_attribute(type, DW_AT_encoding).value_or(0);
    switch (encoding) {
        case DW_ATE_boolean:
            return value == 0 ? "false" : value == 1 ? "true" : std::to_string(value);
        case DW_ATE_float:
            return float_text(value, bits);
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
