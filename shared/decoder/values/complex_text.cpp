#include "decoder/values/complex_text.hpp"

#include <string_view>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/sign_extended.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/values/number_text.hpp"
#include "decoder/values/quadruple_text.hpp"

namespace coredepot::decoder {
namespace {

/// GCC's names for the type of signed ones as large as an int, and of all other integers.
constexpr std::string_view kSignedIntegers = "complex int";
constexpr std::string_view kOtherIntegers = "__unknown__";

std::string_view name_of(Dwarf_Die& type) {
    const char* const name = dwarf_diename(&type);
    return name == nullptr ? "" : name;
}

/// The real part, or the imaginary one.
std::optional<std::string> part_text(Dwarf_Die& type, std::span<const std::byte> bytes) {
    if (bytes.size() == kQuadrupleBytes) {
        return number_attribute(type, DW_AT_encoding) == DW_ATE_complex_float
                   ? std::optional{quadruple_text(bytes)}
                   : std::nullopt;
    }
    const std::uint64_t value = load_number(bytes);
    const std::size_t bits = bytes.size() * kBitsPerByte;
    if (number_attribute(type, DW_AT_encoding) == DW_ATE_complex_float) {
        return float_text(value, bits);
    }
    const std::int64_t with_sign = sign_extended(value, bits);
    if (with_sign < 0 && name_of(type) != kSignedIntegers) {
        return std::nullopt;  // it may be a large unsigned number
    }
    return std::to_string(with_sign);
}

}  // namespace

bool is_complex(Dwarf_Die& plain) {
    const auto encoding = number_attribute(plain, DW_AT_encoding);
    const std::string_view name = name_of(plain);
    return dwarf_tag(&plain) == DW_TAG_base_type &&
           (encoding == DW_ATE_complex_float ||
            (encoding == DW_ATE_lo_user && (name == kSignedIntegers || name == kOtherIntegers)));
}

std::optional<std::string> complex_text(Dwarf_Die& type, std::span<const std::byte> bytes) {
    const std::size_t half = bytes.size() / 2;
    if (half == 0 || (half > sizeof(std::uint64_t) && half != kQuadrupleBytes) ||
        bytes.size() % 2 != 0) {
        return std::nullopt;
    }
    const auto real = part_text(type, bytes.first(half));
    const auto imaginary = part_text(type, bytes.last(half));
    return real && imaginary ? std::optional{*real + " + " + *imaginary + 'i'} : std::nullopt;
}

}  // namespace coredepot::decoder
