#include "decoder/values/wide_character.hpp"

#include <algorithm>
#include <string_view>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/values/c_literal.hpp"

namespace coredepot::decoder {
namespace {

/// The most typedefs and qualifiers around a character type.
constexpr int kMaxHops = 8;

/// 0 when it is not one.
char prefix_of(std::string_view name) {
    return name == "char16_t" ? 'u' : name == "char32_t" ? 'U' : name == "wchar_t" ? 'L' : '\0';
}

/// A typedef char16_t may name a larger type.
std::optional<WideCharacter> of_size(char prefix, const Dwarf_Die& type) {
    const auto size = type_size(type);
    const std::size_t least = prefix == 'U' ? 4 : 2;
    const std::size_t most = prefix == 'u' ? 2 : 4;
    const bool fits = size && (*size == least || *size == most);
    return fits ? std::optional{WideCharacter{prefix, *size}} : std::nullopt;
}

/// As gdb does in an ASCII locale: other characters by their number.
std::string escaped_wide(std::uint32_t character, char quote) {
    constexpr std::uint32_t kLastByte = 0xFF;
    return character > kLastByte ? '\\' + hex(character).substr(1)
                                 : escaped(static_cast<std::byte>(character), quote);
}

}  // namespace

std::optional<WideCharacter> wide_character(Dwarf_Die type) {
    for (int i = 0; i < kMaxHops; ++i) {
        const int tag = dwarf_tag(&type);
        const bool named = tag == DW_TAG_typedef || tag == DW_TAG_base_type;
        const char* const name = named ? dwarf_diename(&type) : nullptr;
        if (const char prefix = name == nullptr ? '\0' : prefix_of(name); prefix != '\0') {
            return of_size(prefix, type);
        }
        if (tag != DW_TAG_typedef && tag != DW_TAG_const_type && tag != DW_TAG_volatile_type) {
            return std::nullopt;
        }
        const auto inner = type_of(type);
        if (!inner) {
            return std::nullopt;
        }
        type = *inner;
    }
    return std::nullopt;
}

std::string wide_literal(WideCharacter kind, std::uint32_t character) {
    return std::string{kind.prefix} + '\'' + escaped_wide(character, '\'') + '\'';
}

std::string wide_string(WideCharacter kind, std::span<const std::byte> bytes) {
    const std::size_t count = std::min(bytes.size() / kind.size, kMaxStringBytes);
    std::string text = std::string{kind.prefix} + '"';
    for (std::size_t i = 0; i < count; ++i) {
        const auto unit =
            static_cast<std::uint32_t>(load_number(bytes.subspan(i * kind.size, kind.size)));
        if (unit == 0) {
            return text + '"';
        }
        text += escaped_wide(unit, '"');
    }
    return text + "\"...";
}

}  // namespace coredepot::decoder
