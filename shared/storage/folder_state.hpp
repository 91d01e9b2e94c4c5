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
    Full,         ///< less room than was asked for
};

/// Of `folder` as this process sees it; `room` bytes have to fit.
FolderState folder_state(const std::filesystem::path& folder, std::uint64_t room) noexcept;

/// Of a folder's file system, in bytes.
struct Space {
    std::uint64_t free = 0;  ///< for those who are not root
    std::uint64_t total = 0;
};
/// Empty when that cannot be found out.
std::optional<Space> space_of(const std::filesystem::path& folder) noexcept;

/// What all files below `folder` hold together; looks at each, so there must not be too many: empty
/// beyond `most` of them, and when they cannot be looked at.
std::optional<std::uint64_t> bytes_in(const std::filesystem::path& folder,
                                      std::size_t most) noexcept;

}  // namespace coredepot::storage
