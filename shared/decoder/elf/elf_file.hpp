#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace coredepot::decoder {

/// The bytes of an ELF file at the time of reading, and their SHA-256.
///
/// The file is read and not mapped: if somebody truncates a mapped file, its readers die of SIGBUS.
class ElfFile {
  public:
    /// Throws Undecodable when the file is too large, std::system_error when it cannot be read.
    explicit ElfFile(const std::filesystem::path& path);

    /// Not const, because libelf wants it so, although it does not write to them.
    char* data() const { return bytes_.get(); }
    std::size_t size() const { return size_; }

    /// The SHA-256 of the whole file, 64 lower-case hex digits. The chip calls it `app_elf_sha256`.
    const std::string& sha256() const { return sha256_; }

    /// Whether the file at `path` has exactly these bytes. That takes a tenth of the time of
    /// reading and hashing it. Unlike inode and times, it cannot be wrong: those may be the same
    /// after a file was replaced or written to, and a hard link changes some of them.
    bool is_same_as(const std::filesystem::path& path) const;

  private:
    std::unique_ptr<char[]> bytes_;  // NOLINT(*-avoid-c-arrays): a vector would zero them first
    std::size_t size_ = 0;
    std::string sha256_;
};

}  // namespace coredepot::decoder
