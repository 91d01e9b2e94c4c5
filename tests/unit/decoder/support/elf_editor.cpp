#include "decoder/support/elf_editor.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include "decoder/elf/elf_handles.hpp"

namespace coredepot::decoder::test {
namespace {

/// Everywhere; `to` is as long as `from`.
void replace_all(Bytes& bytes, std::string_view from, std::string_view to) {
    const auto pattern = to_bytes(from);
    const auto replacement = to_bytes(to);
    auto place = bytes.begin();
    while ((place = std::search(place, bytes.end(), pattern.begin(), pattern.end())) !=
           bytes.end()) {
        place = std::ranges::copy(replacement, place).out;
    }
}

void expect(bool condition) {
    if (!condition) {
        throw std::runtime_error{std::string{"libelf: "} + elf_errmsg(-1)};
    }
}

/// Calls `edit` with every section and its name.
void for_each_section(Elf* elf, const std::function<void(Elf_Scn*, std::string_view)>& edit) {
    std::size_t names = 0;
    expect(elf_getshdrstrndx(elf, &names) == 0);
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        expect(gelf_getshdr(section, &header) != nullptr);
        edit(section, elf_strptr(elf, names, header.sh_name));
    }
}

}  // namespace

void set_section(Bytes& elf, std::string_view name, std::uint32_t offset, std::uint32_t size) {
    elf_version(EV_CURRENT);
    const ElfHandle handle{elf_memory(reinterpret_cast<char*>(elf.data()), elf.size())};
    std::size_t index = 0;
    for_each_section(handle.get(), [&](Elf_Scn* section, std::string_view found) {
        index = found == name ? elf_ndxscn(section) : index;
    });
    GElf_Ehdr header;
    expect(index != 0 && gelf_getehdr(handle.get(), &header) != nullptr);
    const auto place = header.e_shoff + index * sizeof(Elf32_Shdr);
    Elf32_Shdr section{};
    std::memcpy(&section, &elf.at(place), sizeof section);
    section.sh_offset = offset;
    section.sh_size = size;
    std::memcpy(&elf.at(place), &section, sizeof section);
}

std::uint32_t section_offset(Bytes elf, std::string_view name) {
    elf_version(EV_CURRENT);
    const ElfHandle handle{elf_memory(reinterpret_cast<char*>(elf.data()), elf.size())};
    std::uint64_t offset = 0;
    for_each_section(handle.get(), [&](Elf_Scn* section, std::string_view found) {
        GElf_Shdr header;
        expect(gelf_getshdr(section, &header) != nullptr);
        offset = found == name ? header.sh_offset : offset;
    });
    expect(offset != 0);
    return static_cast<std::uint32_t>(offset);
}

void compress_debug_sections(const std::filesystem::path& path) {
    elf_version(EV_CURRENT);
    const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    expect(fd >= 0);
    {
        const ElfHandle elf{elf_begin(fd, ELF_C_RDWR, nullptr)};
        for_each_section(elf.get(), [](Elf_Scn* section, std::string_view name) {
            if (name.starts_with(".debug_")) {
                expect(elf_compress(section, ELFCOMPRESS_ZLIB, 0) >= 0);
            }
        });
        expect(elf_update(elf.get(), ELF_C_WRITE) >= 0);
    }
    close(fd);
}

Bytes with_names_in(const std::filesystem::path& path, Bytes elf) {
    replace_all(elf, ".riscv.attributes", ".gnu_debugaltlink");
    replace_all(elf, "\x03\x0e", "\x03\x1d");  // DW_AT_name, DW_FORM_strp -> DW_FORM_strp_sup
    std::string link = path.string();
    link.append(1 + 20, '\0');  // and a build ID
    const auto start = static_cast<std::uint32_t>(elf.size());
    const auto bytes = to_bytes(link);
    elf.insert(elf.end(), bytes.begin(), bytes.end());
    set_section(elf, ".gnu_debugaltlink", start, static_cast<std::uint32_t>(bytes.size()));
    return elf;
}

}  // namespace coredepot::decoder::test
