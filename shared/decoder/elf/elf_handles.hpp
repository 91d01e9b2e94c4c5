#pragma once

#include <memory>

#include <elfutils/libdw.h>
#include <libelf.h>

namespace coredepot::decoder {

// Owners of elfutils' handles. They use the libraries' own free functions and have no state.

struct ElfDeleter {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfDeleter>;

struct DwarfDeleter {
    void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};
using DwarfHandle = std::unique_ptr<Dwarf, DwarfDeleter>;

}  // namespace coredepot::decoder
