#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// Whether a type without typedefs and qualifiers is one of complex numbers. GCC gives those of
/// integers an encoding of its own.
bool is_complex(Dwarf_Die& plain);

/// Such a number as gdb writes it, `1.5 + -2i`: its real part and its imaginary part are each half
/// of `bytes`. Empty: it is not known whether its parts have a
/// sign.
std::optional<std::string> complex_text(Dwarf_Die& type, std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
