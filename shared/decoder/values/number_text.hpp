#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {

/// A floating-point number of 32 or 64 bits; for other sizes its bits in hex. A NaN shows the bits
/// of its fraction, `-nan(0x400000)`.
std::string float_text(std::uint64_t value, std::size_t bits);

/// A value of the base type `type` as gdb writes it: `-42`, `97 'a'`, `true`, `3.14159274`. It has
/// `bits` bits, 1 to 64; those above are zero.
std::string number_text(Dwarf_Die& type, std::uint64_t value, std::size_t bits);

}  // namespace coredepot::decoder
