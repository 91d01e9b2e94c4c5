#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// A character type larger than a byte.
struct WideCharacter {
    char prefix = 0;       ///< of its literals: u, U or L
    std::size_t size = 0;  ///< bytes: 2 or 4
};

/// `type`, including its typedefs, as such a type: `char16_t`, `char32_t` or `wchar_t`, which are
/// types in C++ and typedefs of numbers in C. Empty for other types.
std::optional<WideCharacter> wide_character(Dwarf_Die type);

/// A character as gdb writes it after its number: `u'a'`.
std::string wide_literal(WideCharacter kind, std::uint32_t character);

/// The string at the start of `bytes`, `L"text"`, up to its NUL. `...` follows if it goes on, or if
/// the bytes end first.
std::string wide_string(WideCharacter kind, std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
