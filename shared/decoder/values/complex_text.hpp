#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// Whether a type without typedefs and qualifiers is a complex number. GCC has its own encoding for
/// those of integers.
bool is_complex(Dwarf_Die& plain);

/// The number as gdb writes it, `1.5 + -2i`. Real and imaginary part each take half of `bytes`.
/// Empty when it is unknown whether they have a sign.
std::optional<std::string> complex_text(Dwarf_Die& type, std::span<const std::byte> bytes);

}  // namespace coredepot::decoder
