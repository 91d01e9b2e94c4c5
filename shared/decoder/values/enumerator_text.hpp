#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"

namespace coredepot::decoder {

/// A value of the enumeration `type` as gdb writes it: its name, `HEATER_ON`; the flags that make
/// it up, `(FLAG_A | unknown: 0x8)`; or a number. It has `bits` bits, 1 to 64; those above are
/// zero.
std::string enumerator_text(Dwarf_Die& type, std::uint64_t value, std::size_t bits,
                            const Deadline& deadline);

}  // namespace coredepot::decoder
