#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace coredepot::decoder {

/// The bytes of an ELF file as they were when it was read, and their SHA-256.
///
/// The file is read, not mapped: whoever truncates a mapped file kills its readers by SIGBUS.
class ElfFile {
  public:
    /// Throws Undecodable when the file is too large, std::system_error when it cannot be read.
    explicit ElfFile(const std::filesystem::path& path);

    /// Not const, because libelf asks for that; it does not write to them.
    char* data() const { return bytes_.get(); }
    std::size_t size() const { return size_; }

    /// Of the whole file, 64 lower-case hex digits: what the chip calls `app_elf_sha256`.
    const std::string& sha256() const { return sha256_; }

    /// Whether the file at `path` holds these very bytes. A tenth of what reading and hashing it
    /// takes, and unlike inode and times it cannot be mistaken: those of a file that was replaced
    /// or written to may be the same, and a hard link changes some of them.
    bool is_same_as(const std::filesystem::path& path) const;

  private:
    std::unique_ptr<char[]> bytes_;  // NOLINT(*-avoid-c-arrays): a vector would zero them first
    std::size_t size_ = 0;
    std::string sha256_;
};

}  // namespace coredepot::decoder
