#include "decoder/elf/zstd_sections.hpp"

#include <cstddef>
#include <cstring>
#include <string>

#include <elf.h>
#include <zstd.h>

#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

/// ELFCOMPRESS_ZSTD of the generic ABI, which Debian 12's elf.h lacks.
constexpr std::uint32_t kZstd = 2;

bool lies_in(std::span<const char> bytes, std::size_t offset, std::size_t size) {
    return offset <= bytes.size() && size <= bytes.size() - offset;
}

template <typename Header>
Header header_at(std::span<const char> bytes, std::size_t offset) {
    Header header{};
    std::memcpy(&header, bytes.data() + offset, sizeof header);
    return header;
}

/// A section to unpack.
struct Packed {
    std::size_t header_offset;
    Elf32_Shdr header;
    std::span<const char> bytes;
    std::uint32_t size;
};

std::vector<Packed> find_packed(std::span<const char> elf) {
    if (!lies_in(elf, 0, sizeof(Elf32_Ehdr))) {
        return {};
    }
    const auto file = header_at<Elf32_Ehdr>(elf, 0);
    if (std::memcmp(file.e_ident, ELFMAG, SELFMAG) != 0 || file.e_ident[EI_CLASS] != ELFCLASS32 ||
        file.e_ident[EI_DATA] != ELFDATA2LSB || file.e_shentsize != sizeof(Elf32_Shdr)) {
        return {};
    }
    std::vector<Packed> found;
    for (std::size_t i = 0; i < file.e_shnum; ++i) {
        const std::size_t offset = file.e_shoff + i * sizeof(Elf32_Shdr);
        if (!lies_in(elf, offset, sizeof(Elf32_Shdr))) {
            break;
        }
        const auto section = header_at<Elf32_Shdr>(elf, offset);
        if ((section.sh_flags & SHF_COMPRESSED) == 0 || section.sh_type == SHT_NOBITS ||
            section.sh_size < sizeof(Elf32_Chdr) ||
            !lies_in(elf, section.sh_offset, section.sh_size)) {
            continue;
        }
        const auto packing = header_at<Elf32_Chdr>(elf, section.sh_offset);
        if (packing.ch_type == kZstd) {
            found.push_back(
                {offset, section,
                 elf.subspan(section.sh_offset + sizeof packing, section.sh_size - sizeof packing),
                 packing.ch_size});
        }
    }
    return found;
}

}  // namespace

std::vector<char> without_zstd(std::span<const char> elf, std::uint64_t max_bytes) {
    const auto sections = find_packed(elf);
    if (sections.empty()) {
        return {};
    }
    std::uint64_t total = elf.size();
    for (const Packed& section : sections) {
        total += section.size;
    }
    if (total > max_bytes) {
        throw Undecodable{"the sections of the ELF take more than " + std::to_string(max_bytes) +
                          " bytes"};
    }
    std::vector<char> copy;
    copy.reserve(total);
    copy.assign(elf.begin(), elf.end());
    for (const Packed& section : sections) {
        const std::size_t offset = copy.size();
        copy.resize(offset + section.size);
        if (ZSTD_decompress(copy.data() + offset, section.size, section.bytes.data(),
                            section.bytes.size()) != section.size) {
            throw Undecodable{"the ELF is damaged: a section compressed by zstd cannot be read"};
        }
        Elf32_Shdr plain = section.header;
        plain.sh_flags &= ~Elf32_Word{SHF_COMPRESSED};
        plain.sh_offset = static_cast<Elf32_Off>(offset);
        plain.sh_size = section.size;
        std::memcpy(copy.data() + section.header_offset, &plain, sizeof plain);
    }
    return copy;
}

}  // namespace coredepot::decoder
