#include "decoder/elf/alternate_debug.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::array kNames = {'\0', '.', 'd', 'e', 'b', 'u', 'g', '_', 'l', 'i', 'n', 'e', '\0'};

/// The smallest file that libdw accepts as an ELF with debug information: with a `.debug_line` of
/// one byte.
struct EmptyElf {
    Elf32_Ehdr header;
    std::array<Elf32_Shdr, 3> sections;
    std::array<char, kNames.size()> names;
};

constexpr EmptyElf empty_elf() {
    EmptyElf elf{};
    constexpr std::array<unsigned char, EI_NIDENT> kIdentity = {
        ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
    for (std::size_t i = 0; i < kIdentity.size(); ++i) elf.header.e_ident[i] = kIdentity[i];
    elf.header.e_type = ET_EXEC;
    elf.header.e_machine = EM_RISCV;
    elf.header.e_version = EV_CURRENT;
    elf.header.e_shoff = offsetof(EmptyElf, sections);
    elf.header.e_ehsize = sizeof(Elf32_Ehdr);
    elf.header.e_shentsize = sizeof(Elf32_Shdr);
    elf.header.e_shnum = static_cast<Elf32_Half>(elf.sections.size());
    elf.header.e_shstrndx = 2;
    elf.sections[1].sh_name = 1;
    elf.sections[1].sh_type = SHT_PROGBITS;
    elf.sections[1].sh_offset = offsetof(EmptyElf, names);
    elf.sections[1].sh_size = 1;
    elf.sections[2].sh_type = SHT_STRTAB;
    elf.sections[2].sh_offset = offsetof(EmptyElf, names);
    elf.sections[2].sh_size = kNames.size();
    elf.names = kNames;
    return elf;
}

/// One is enough for all, because nothing can be found in it and it never changes.
class EmptyDwarf {
  public:
    EmptyDwarf() {
        elf_version(EV_CURRENT);
        elf_.reset(elf_memory(reinterpret_cast<char*>(&bytes_), sizeof bytes_));
        dwarf_.reset(dwarf_begin_elf(elf_.get(), DWARF_C_READ, nullptr));
        if (!dwarf_) throw std::logic_error("libdw does not take an empty ELF");
    }
    Dwarf* get() const { return dwarf_.get(); }

  private:
    EmptyElf bytes_ = empty_elf();
    ElfHandle elf_;
    DwarfHandle dwarf_;
};

}  // namespace

void follow_no_alternate(Dwarf* dwarf) {
    static const EmptyDwarf nothing;
    if (dwarf != nullptr) dwarf_setalt(dwarf, nothing.get());
}

}  // namespace coredepot::decoder
