#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// A type of characters that are larger than a byte.
struct WideCharacter {
    char prefix = 0;       ///< of its literals: u, U or L
    std::size_t size = 0;  ///< bytes: 2 or 4
};

/// `type`, with its typedefs, as such a type: `char16_t`, `char32_t` or `wchar_t`, which are types
/// of their own in C++ and typedefs of numbers in C. Empty: it is none.
std::optional<WideCharacter> wide_character(Dwarf_Die type);

/// A character as gdb writes it behind its number: `u'a'`.
std::string wide_literal(WideCharacter kind, std::uint32_t character);

/// The string that `bytes` start with, `L"text"`, up to its NUL; with `...` behind it where it goes
/// on or where the bytes end before it does.
std::string wide_string(WideCharacter kind, std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
