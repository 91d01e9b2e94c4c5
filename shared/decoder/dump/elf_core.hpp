#pragma once

#include "decoder/dump/core_image.hpp"

namespace coredepot::decoder {

/// Reads an ELF core file in the form that ESP-IDF writes: only program headers and no sections, a
/// PT_LOAD for each piece of memory, and PT_NOTE segments with the registers and what the panic
/// handler knew. Throws Undecodable.
CoreImage read_elf_core(const Container& container);

}  // namespace coredepot::decoder
