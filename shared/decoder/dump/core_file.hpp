#pragma once

#include <string>

#include "decoder/dump/core_image.hpp"

namespace coredepot::decoder {

/// `image` as an ELF core file such as gdb opens beside the application's ELF: the registers of
/// each task in a note of its own, the crashed one first, with the address of its TCB as the
/// thread's number; and all memory. It has the notes of ESP-IDF, too, so that read_elf_core() reads
/// the same again. What an original core file has in a way that gdb refuses is in order here.
/// Throws Undecodable, as Memory::segments() does.
std::string core_file(const CoreImage& image);

}  // namespace coredepot::decoder
