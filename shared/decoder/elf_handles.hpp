#pragma once

#include <cstdlib>
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

/// For the table that dwarf_getcfi_elf() gives away; that of dwarf_getcfi() belongs to its Dwarf.
struct CfiDeleter {
    void operator()(Dwarf_CFI* cfi) const { dwarf_cfi_end(cfi); }
};
using CfiHandle = std::unique_ptr<Dwarf_CFI, CfiDeleter>;

/// dwarf_cfi_addrframe() returns memory of malloc.
struct FrameDeleter {
    void operator()(Dwarf_Frame* frame) const { std::free(frame); }  // NOLINT(*-no-malloc)
};
using FrameHandle = std::unique_ptr<Dwarf_Frame, FrameDeleter>;

}  // namespace coredepot::decoder
