#pragma once

#include <cstdint>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// A pointer to member of C++ as gdb writes it: `&net::Socket::port`,
/// `0x4200001c <net::Socket::send(int)>`, `&virtual net::Socket::close()`, `NULL`. `value` is as
/// the Itanium ABI has it: of a member, its offset; of a function, its address or its place in the
/// vtable, and in the upper half what is added to `this`.
std::string member_pointer_text(Dwarf_Die& type, std::uint64_t value, const SymbolTable& symbols,
                                const Deadline& deadline);

}  // namespace coredepot::decoder
