#pragma once

#include <memory>

#include <elfutils/libdw.h>
#include <libelf.h>

namespace coredepot::decoder {

// Owners of the handles of elfutils. The C library's own free functions, no state.

struct ElfDeleter {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfDeleter>;

struct DwarfDeleter {
    void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};
using DwarfHandle = std::unique_ptr<Dwarf, DwarfDeleter>;

}  // namespace coredepot::decoder
