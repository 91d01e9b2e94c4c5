#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "os/descriptor.hpp"

namespace coredepot::os {

/// Tells one state of one file from any other: a replaced file has another inode, and one that was
/// written to has another change time, which no program can set. `source-…`, good for a file name.
/// Not for files with changing hard links, since each link changes that time too.
std::string file_identity(const Descriptor& file);

/// The same without opening the file, to compare with. All zero: there is none.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::chrono::nanoseconds changed_at{0};  ///< since 1970, of the system's clock
    bool operator==(const FileStamp&) const = default;
};
FileStamp file_stamp(const std::filesystem::path& path) noexcept;

}  // namespace coredepot::os
