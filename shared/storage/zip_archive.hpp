#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "os/descriptor.hpp"

namespace coredepot::storage {

/// The bytes are not a readable ZIP archive. The text is for people.
class ZipError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// An entry in the archive's directory. Its size is only a claim until the entry is unpacked.
struct ZipEntry {
    std::uint64_t index;
    std::string name;  ///< any bytes
    bool encrypted;
    bool plainly_packed;  ///< stored or deflated, as every ZIP tool does
};

/// Reads an archive from outside bytes. It believes nothing that the archive claims.
class ZipArchive {
  public:
    /// `bytes` must live as long as the archive. Throws ZipError.
    static ZipArchive from_memory(std::string_view bytes);
    /// Throws ZipError.
    static ZipArchive from_file(const os::Descriptor& file);
    /// Throws ZipError when the directory of `bytes` and the headers before the entries differ,
    /// because different programs unpack by different ones.
    static void require_consistent(std::string_view bytes);

    ~ZipArchive();
    ZipArchive(ZipArchive&& other) noexcept;

    const std::vector<ZipEntry>& entries() const { return entries_; }
    /// Null when no entry has that name.
    const ZipEntry* find(std::string_view name) const;

    /// Unpacks `entry` piece by piece. Throws ZipError when it is damaged, or when it unpacks to
    /// more than `limit` bytes; `sink` never gets more than those.
    void extract(const ZipEntry& entry, std::uint64_t limit,
                 const std::function<void(std::string_view)>& sink) const;
    std::string read(const ZipEntry& entry, std::uint64_t limit) const;

  private:
    struct Handle;
    explicit ZipArchive(std::unique_ptr<Handle> handle);
    /// `flags` as for zip_open(3).
    static ZipArchive open(std::string_view bytes, int flags);

    std::unique_ptr<Handle> handle_;
    std::vector<ZipEntry> entries_;
};

}  // namespace coredepot::storage
