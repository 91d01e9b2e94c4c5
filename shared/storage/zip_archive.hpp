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

/// The bytes are not a ZIP archive that can be read; the text is for people.
class ZipError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// An entry as the archive's directory lists it. The size is a claim until it was read.
struct ZipEntry {
    std::uint64_t index;
    std::string name;  ///< any bytes
    bool encrypted;
    bool plainly_packed;  ///< stored or deflated, as every ZIP tool does it
};

/// An archive that is read from outside bytes: nothing that it claims is believed.
class ZipArchive {
  public:
    /// `bytes` must live as long as the archive. Throws ZipError.
    static ZipArchive from_memory(std::string_view bytes);
    /// Throws ZipError.
    static ZipArchive from_file(const os::Descriptor& file);
    /// Throws ZipError when the directory of `bytes` says otherwise than what stands before each
    /// entry: by which of them a program unpacks is its own choice.
    static void require_consistent(std::string_view bytes);

    ~ZipArchive();
    ZipArchive(ZipArchive&& other) noexcept;

    const std::vector<ZipEntry>& entries() const { return entries_; }
    /// Null when there is none of that name.
    const ZipEntry* find(std::string_view name) const;

    /// Unpacks `entry` piece by piece; ZipError when it is damaged or unpacks to more than `limit`
    /// bytes (of which no more than that were handed to `sink`).
    void extract(const ZipEntry& entry, std::uint64_t limit,
                 const std::function<void(std::string_view)>& sink) const;
    std::string read(const ZipEntry& entry, std::uint64_t limit) const;

  private:
    struct Handle;
    explicit ZipArchive(std::unique_ptr<Handle> handle);
    /// `flags` of zip_open(3).
    static ZipArchive open(std::string_view bytes, int flags);

    std::unique_ptr<Handle> handle_;
    std::vector<ZipEntry> entries_;
};

}  // namespace coredepot::storage
