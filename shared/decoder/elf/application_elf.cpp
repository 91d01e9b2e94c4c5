#include "decoder/elf/application_elf.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <gelf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/elf/zstd_sections.hpp"
#include "decoder/limits/undecodable.hpp"
#include "domain/parse_limits.hpp"

namespace coredepot::decoder {
namespace {

/// An IDF application has about 40 sections.
constexpr std::size_t kMaxSections = 4096;
/// Reading these sections takes several times their size in memory. In an application's ELF they
/// make up 5 and 2 per cent.
constexpr std::uint64_t kMaxAbbreviationBytes = 8U << 20U;
constexpr std::uint64_t kMaxFrameBytes = 8U << 20U;

/// A section `.debug_info` packed the old way (`objcopy --compress-debug-sections=zlib-gnu`) is
/// called `.zdebug_info`.
constexpr std::string_view kPackedPrefix = ".zdebug_";
constexpr std::string_view kDebugPrefix = ".debug_";

/// The unpacked size of a section that is packed the old way: "ZLIB", then the size, big-endian. 0:
/// it is not.
std::uint64_t old_packed_size(Elf_Scn* section) {
    constexpr std::string_view kMagic = "ZLIB";
    constexpr std::size_t kSizeBytes = 8;
    const Elf_Data* const data = elf_rawdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr || data->d_size < kMagic.size() + kSizeBytes) {
        return 0;
    }
    const std::string_view bytes{static_cast<const char*>(data->d_buf), data->d_size};
    std::uint64_t size = 0;
    for (const char byte : bytes.substr(kMagic.size(), kSizeBytes)) {
        size = size << 8U | static_cast<unsigned char>(byte);
    }
    return bytes.starts_with(kMagic) ? size : 0;
}

/// Whether libelf can unpack `section`. Sections with zstd have already been unpacked.
bool is_readable(Elf_Scn* section, const GElf_Shdr& header) {
    GElf_Chdr compression;
    return (header.sh_flags & SHF_COMPRESSED) == 0 ||
           (gelf_getchdr(section, &compression) != nullptr &&
            compression.ch_type == ELFCOMPRESS_ZLIB);
}

/// How many bytes `section` takes in memory. Throws Undecodable when it is invalid.
std::uint64_t unpacked_size(Elf_Scn* section, const GElf_Shdr& header, std::string_view name,
                            bool packed_the_old_way) {
    std::uint64_t size = header.sh_type == SHT_NOBITS ? 0 : header.sh_size;
    if ((header.sh_flags & SHF_COMPRESSED) != 0) {
        GElf_Chdr compression;
        if (gelf_getchdr(section, &compression) == nullptr) {
            throw Undecodable{"the ELF is damaged: a compressed section cannot be read"};
        }
        size += compression.ch_size;
    } else if (packed_the_old_way) {
        size = std::max(size, std::min(old_packed_size(section), kMaxElfBytes + 1));
    }
    const bool frames = name == ".debug_frame" || name == ".eh_frame";
    if (size > kMaxElfBytes || (frames && size > kMaxFrameBytes) ||
        (name == ".debug_abbrev" && size > kMaxAbbreviationBytes)) {
        throw Undecodable{"the ELF is damaged: its section " + std::string{name} + " has " +
                          std::to_string(size) + " bytes"};
    }
    return size;
}

/// Whether the device cannot write to a data section. ESP-IDF's linker script marks `.flash.rodata`
/// as writable, although no store reaches flash.
bool is_constant(const GElf_Shdr& header, std::string_view name) {
    const bool writable = (header.sh_flags & SHF_WRITE) != 0 && !name.starts_with(".flash.");
    return (header.sh_flags & SHF_ALLOC) != 0 && !writable;
}

}  // namespace

ApplicationElf::ApplicationElf(ElfFile file, const Deadline& deadline) : file_{std::move(file)} {
    elf_version(EV_CURRENT);
    plain_ = without_zstd({file_.data(), file_.size()}, kMaxElfBytes);
    elf_.reset(plain_.empty() ? elf_memory(file_.data(), file_.size())
                              : elf_memory(plain_.data(), plain_.size()));
    check_header();
    index_sections(deadline);
}

Segment ApplicationElf::section(std::string_view name) const {
    const auto found = sections_.find(name);
    const Elf_Data* const data =
        found == sections_.end() ? nullptr : elf_getdata(found->second, nullptr);
    GElf_Shdr header;
    if (data == nullptr || data->d_buf == nullptr ||
        gelf_getshdr(found->second, &header) == nullptr) {
        return {};
    }
    return {static_cast<std::uint32_t>(header.sh_addr),
            {static_cast<const std::byte*>(data->d_buf), data->d_size}};
}

std::string ApplicationElf::section_at(std::uint32_t address) const {
    for (const auto& [name, section] : sections_) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != nullptr && (header.sh_flags & SHF_ALLOC) != 0 &&
            address >= header.sh_addr && address - header.sh_addr < header.sh_size) {
            return name;
        }
    }
    return {};
}

void ApplicationElf::check_header() {
    GElf_Ehdr header;
    if (elf_ == nullptr || elf_kind(elf_.get()) != ELF_K_ELF ||
        gelf_getehdr(elf_.get(), &header) == nullptr) {
        throw Undecodable{"the ELF given is not an ELF file"};
    }
    const auto architecture = architecture_of_machine(header.e_machine);
    if (header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_type != ET_EXEC || !architecture) {
        throw Undecodable{"the ELF given is not the ELF of an ESP32 application (ELF type " +
                          std::to_string(header.e_type) + ", machine " +
                          std::to_string(header.e_machine) + ")"};
    }
    architecture_ = *architecture;
}

void ApplicationElf::index_sections(const Deadline& deadline) {
    std::size_t names = 0;
    std::size_t count = 0;
    if (elf_getshdrstrndx(elf_.get(), &names) != 0 || elf_getshdrnum(elf_.get(), &count) != 0 ||
        count > kMaxSections) {
        throw Undecodable{"the ELF is damaged: its section table makes no sense"};
    }
    for (Elf_Scn* section = elf_nextscn(elf_.get(), nullptr); section != nullptr;
         section = elf_nextscn(elf_.get(), section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr) {
            continue;
        }
        deadline.check();  // finding the end of a hostile name may take long
        const char* const found = elf_strptr(elf_.get(), names, header.sh_name);
        std::string name = printable(found == nullptr ? "" : found);
        const bool packed_the_old_way = name.starts_with(kPackedPrefix);
        if (packed_the_old_way) {
            name.replace(0, kPackedPrefix.size(), kDebugPrefix);
        }
        sections_.try_emplace(name, section);
        unpacked_bytes_ += unpacked_size(section, header, name, packed_the_old_way);
        if (unpacked_bytes_ > kMaxElfBytes) {
            throw Undecodable{"the sections of the ELF take more than " +
                              std::to_string(kMaxElfBytes) + " bytes"};
        }
        if (packed_the_old_way && elf_compress_gnu(section, 0, 0) < 0) {
            throw Undecodable{"the ELF is damaged: a compressed section cannot be read"};
        }
        if (!is_readable(section, header)) {
            unreadable_sections_.push_back(name);
        }
        const bool code = (header.sh_flags & SHF_EXECINSTR) != 0;
        if (header.sh_type != SHT_PROGBITS || !(code || is_constant(header, name)) ||
            header.sh_addr > UINT32_MAX) {
            continue;
        }
        const Elf_Data* const data = elf_rawdata(section, nullptr);
        if (data != nullptr && data->d_buf != nullptr) {
            const Segment segment{static_cast<std::uint32_t>(header.sh_addr),
                                  {static_cast<const std::byte*>(data->d_buf), data->d_size}};
            constants_.add(segment);
            if (code) {
                code_.add(segment);
            }
        }
    }
}

}  // namespace coredepot::decoder
