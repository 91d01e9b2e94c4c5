#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace coredepot::storage {

enum class FolderState : std::uint8_t {
    Usable,
    Unavailable,  ///< not a folder, or not ours to enter
    ReadOnly,     ///< nothing can be made in it
    Full,         ///< fewer bytes than were asked for
    OutOfInodes,  ///< fewer files, though the bytes would fit
};

/// What is about to be written into a folder.
struct Room {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
};

/// Of `folder` as this process sees it; `room` has to fit.
FolderState folder_state(const std::filesystem::path& folder, Room room) noexcept;

/// Of a folder's file system: its bytes, or its inodes.
struct Space {
    std::uint64_t free = 0;  ///< for those who are not root
    std::uint64_t total = 0;
};
/// Bytes. Empty when that cannot be found out.
std::optional<Space> space_of(const std::filesystem::path& folder) noexcept;
/// Inodes: how many files and folders fit. Empty as well where the file system makes them as it
/// needs them and has no such figure (btrfs), which is no fault.
std::optional<Space> inodes_of(const std::filesystem::path& folder) noexcept;

/// What all files below `folder` hold together; looks at each, so there must not be too many: empty
/// beyond `most` of them, and when they cannot be looked at.
std::optional<std::uint64_t> bytes_in(const std::filesystem::path& folder,
                                      std::size_t most) noexcept;

}  // namespace coredepot::storage
