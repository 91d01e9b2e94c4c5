#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "os/descriptor.hpp"

namespace coredepot::os {

/// Identifies one state of one file: a replaced file has another inode, and a file that was written
/// to has another change time, which no program can set. Looks like `source-…` and is fit for a
/// file name. Don't use it for files whose hard links change, because each link changes that time
/// too.
std::string file_identity(const Descriptor& file);

/// The same without opening the file, for comparisons. All zero: there is no file.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::chrono::nanoseconds changed_at{0};  ///< since 1970, by the system's clock
    bool operator==(const FileStamp&) const = default;
};
FileStamp file_stamp(const std::filesystem::path& path) noexcept;

}  // namespace coredepot::os
