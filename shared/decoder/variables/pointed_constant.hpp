#pragma once

#include <cstddef>
#include <span>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// What `op`, a DW_OP_implicit_pointer in `attribute`, points to, from there on, if that is a
/// constant in the debug information: a text that the program no longer needs. Empty otherwise.
std::span<const std::byte> pointed_constant(Dwarf_Attribute& attribute, const Dwarf_Op& op);

}  // namespace coredepot::decoder
