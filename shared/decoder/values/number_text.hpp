#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// `value`, of which the lowest `bits` (1 to 64) are a number in two's complement.
std::int64_t sign_extended(std::uint64_t value, std::size_t bits);

/// A value of the base type `type` as gdb writes it: `-42`, `97 'a'`, `true`, `3.14159274`. It has
/// `bits` bits, 1 to 64; those above are zero.
std::string number_text(Dwarf_Die& type, std::uint64_t value, std::size_t bits);

}  // namespace coredepot::decoder
