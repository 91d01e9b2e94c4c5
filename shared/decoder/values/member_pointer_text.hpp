#pragma once

#include <cstdint>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// A C++ pointer to member as gdb writes it: `&net::Socket::port`, `0x4200001c
/// <net::Socket::send(int)>`, `&virtual net::Socket::close()`, `NULL`. `value` follows the Itanium
/// ABI: for a member its offset; for a function its address or its place in the vtable, with the
/// number to add to `this` in the upper half.
std::string member_pointer_text(Dwarf_Die& type, std::uint64_t value, const SymbolTable& symbols,
                                const Deadline& deadline);

}  // namespace coredepot::decoder
