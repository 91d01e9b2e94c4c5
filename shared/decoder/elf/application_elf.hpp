#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/elf/elf_file.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/target/chip.hpp"
#include "decoder/target/memory.hpp"

namespace coredepot::decoder {

/// The application ELF that made a dump: its bytes, its SHA-256, and its code.
class ApplicationElf {
  public:
    /// Throws Undecodable when `file` is not the ELF of an ESP32 application.
    ApplicationElf(ElfFile file, const Deadline& deadline);
    /// The same for the file at `path`. Throws std::system_error when it cannot be read.
    ApplicationElf(const std::filesystem::path& path, const Deadline& deadline)
        : ApplicationElf{ElfFile{path}, deadline} {}

    const ElfFile& file() const { return file_; }
    const std::string& sha256() const { return file_.sha256(); }
    /// Its size in bytes once libdw has unpacked the compressed sections.
    std::size_t memory() const {
        return plain_.size() + std::max<std::size_t>(file_.size(), unpacked_bytes_);
    }
    Architecture architecture() const { return architecture_; }

    /// Whether `address` is in a section of instructions.
    bool is_code(std::uint32_t address) const { return code_.find(address) != nullptr; }
    /// The instructions from `address` to the end of its section; empty: not code.
    std::span<const std::byte> code(std::uint32_t address) const { return code_.from(address); }
    const Memory& code() const { return code_; }

    /// The bytes from `address` to the end of its section, if nothing on the device can change
    /// them: code, and data mapped from flash; empty otherwise. RAM must come from the dump.
    std::span<const std::byte> constant(std::uint32_t address) const {
        return constants_.from(address);
    }

    /// Sections with an unknown compression.
    const std::vector<std::string>& unreadable_sections() const { return unreadable_sections_; }

    bool has_section(std::string_view name) const { return sections_.contains(name); }

    /// Address and content of the section called `name`, unpacked if libdw has used it; empty when
    /// there is none.
    Segment section(std::string_view name) const;

    /// The name of the section at `address` on the device; empty: it is in none of the
    /// application's.
    std::string section_at(std::uint32_t address) const;

    /// For libdw. Owned by this object.
    Elf* handle() const { return elf_.get(); }

  private:
    void check_header();
    void index_sections(const Deadline& deadline);

    ElfFile file_;
    std::vector<char> plain_;  // the file with plain sections instead of zstd; empty: unchanged
    ElfHandle elf_;            // refers to the bytes of plain_ or file_
    std::uint64_t unpacked_bytes_ = 0;
    Architecture architecture_ = Architecture::Xtensa;
    Memory code_;
    Memory constants_;
    std::map<std::string, Elf_Scn*, std::less<>> sections_;
    std::vector<std::string> unreadable_sections_;
};

}  // namespace coredepot::decoder
