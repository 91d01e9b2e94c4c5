#pragma once

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

// Kinds of types, of a type without typedefs and qualifiers (plain_type()).

/// Whether it is a structure, a class or a union.
bool is_structure(Dwarf_Die& plain);

/// Whether elements of this type make up text. As in gdb, bytes count as characters.
bool is_character(Dwarf_Die& plain);

}  // namespace coredepot::decoder
