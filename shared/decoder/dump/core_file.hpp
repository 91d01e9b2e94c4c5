#pragma once

#include <string>

#include "decoder/dump/core_image.hpp"

namespace coredepot::decoder {

/// `image` as an ELF core file that gdb opens together with the application's ELF. Each task's
/// registers are in a note of their own, the crashed task's first, with the address of the TCB as
/// thread number. All memory is there. ESP-IDF's notes are there, too, so read_elf_core() reads the
/// same again. Things in an original core file that gdb refuses are corrected. Throws Undecodable,
/// like Memory::segments().
std::string core_file(const CoreImage& image);

}  // namespace coredepot::decoder
