#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "decoder/support/samples.hpp"

namespace coredepot::decoder::test {

/// Says that the section called `name` is at `offset` of the file and has `size` bytes. Throws when
/// `elf`, little-endian and of 32 bits, has no such section.
void set_section(Bytes& elf, std::string_view name, std::uint32_t offset, std::uint32_t size);

/// Where in the file the section called `name` is. Throws when there is none.
std::uint32_t section_offset(Bytes elf, std::string_view name);

/// As `gcc -gz` would have made the ELF at `path`.
void compress_debug_sections(const std::filesystem::path& path);

/// Our crash's ELF as dwz(1) would have made it: names of functions and variables are said to be in
/// the file at `path`.
Bytes with_names_in(const std::filesystem::path& path, Bytes elf);

}  // namespace coredepot::decoder::test
