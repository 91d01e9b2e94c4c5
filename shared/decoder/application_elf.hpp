#pragma once

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

#include "decoder/chip.hpp"
#include "decoder/deadline.hpp"
#include "decoder/elf_handles.hpp"
#include "decoder/memory.hpp"

namespace coredepot::decoder {

/// What an ELF may take in memory, where it is held as a whole; sections that are compressed
/// (`gcc -gz`) count as what they unpack to. One of an ESP32 application has 3 to 40 MB.
constexpr std::uint64_t kMaxElfBytes = 96U << 20U;

/// The application ELF that made a dump: its bytes, its SHA-256 and the code in it.
///
/// The file is read, not mapped: whoever truncates a mapped file kills its readers by SIGBUS.
class ApplicationElf {
  public:
    /// Throws Undecodable when `path` is no ELF of an ESP32 application, std::system_error when it
    /// cannot be read.
    ApplicationElf(const std::filesystem::path& path, const Deadline& deadline);

    /// SHA-256 of the whole file, 64 lower-case hex digits: what the chip calls `app_elf_sha256`.
    const std::string& sha256() const { return sha256_; }
    Architecture architecture() const { return architecture_; }

    /// Whether `address` is in a section of instructions.
    bool is_code(std::uint32_t address) const { return code_.find(address) != nullptr; }
    /// The instructions from `address` to the end of its section; empty: not code.
    std::span<const std::byte> code(std::uint32_t address) const { return code_.from(address); }

    /// The bytes from `address` to the end of its section, if nothing on the device can change
    /// them: code, and what is mapped from flash; empty: none such. RAM is for the dump to tell.
    std::span<const std::byte> constant(std::uint32_t address) const {
        return constants_.from(address);
    }

    /// Address and contents of the section called `name`, unpacked if libdw has been at it; empty:
    /// there is none.
    Segment section(std::string_view name) const;

    /// Name of the section that the device has at `address`; empty: none of the application's.
    std::string section_at(std::uint32_t address) const;

    /// For libdw. Owned by this object.
    Elf* handle() const { return elf_.get(); }

  private:
    void check_header();
    void index_sections(const Deadline& deadline);

    std::vector<char> bytes_;
    std::string sha256_;
    ElfHandle elf_;  // refers to bytes_
    Architecture architecture_ = Architecture::Xtensa;
    Memory code_;
    Memory constants_;
    std::map<std::string, Elf_Scn*, std::less<>> sections_;
};

}  // namespace coredepot::decoder
