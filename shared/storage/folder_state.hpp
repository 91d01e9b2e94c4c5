#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace coredepot::storage {

enum class FolderState : std::uint8_t {
    Usable,
    Unavailable,  ///< not a folder, or we may not enter it
    ReadOnly,     ///< no file can be made in it
    Full,         ///< too few bytes are free
    OutOfInodes,  ///< the bytes would fit, but not the number of files
};

/// What is going to be written into a folder.
struct Room {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
};

/// The state of `folder` for this process. `room` must fit into it.
FolderState folder_state(const std::filesystem::path& folder, Room room) noexcept;

/// The space on a folder's file system, in bytes or in inodes.
struct Space {
    std::uint64_t free = 0;  ///< for users other than root
    std::uint64_t total = 0;
};
/// In bytes. Empty when it cannot be found out.
std::optional<Space> space_of(const std::filesystem::path& folder) noexcept;
/// In inodes, that is, how many files and folders fit. Also empty when the file system makes inodes
/// as it needs them and has no such figure (btrfs), which is not an error.
std::optional<Space> inodes_of(const std::filesystem::path& folder) noexcept;

/// The size of all files below `folder` together. It looks at every file, so there must not be too
/// many: empty when there are more than `most`, or when they cannot be read.
std::optional<std::uint64_t> bytes_in(const std::filesystem::path& folder,
                                      std::size_t most) noexcept;

}  // namespace coredepot::storage
