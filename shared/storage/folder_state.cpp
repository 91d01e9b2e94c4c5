#include "storage/folder_state.hpp"

#include <system_error>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

bool may(const fs::path& folder, int what) {
    return ::faccessat(AT_FDCWD, folder.c_str(), what, AT_EACCESS) == 0;
}

std::optional<struct statvfs> status_of_file_system(const fs::path& folder) noexcept {
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0) return std::nullopt;
    return status;
}

}  // namespace

FolderState folder_state(const fs::path& folder, Room room) noexcept {
    std::error_code error;
    if (!fs::is_directory(folder, error) || !may(folder, X_OK)) return FolderState::Unavailable;
    if (!may(folder, W_OK)) return FolderState::ReadOnly;
    const auto space = space_of(folder);
    if (space && space->free < room.bytes) return FolderState::Full;
    const auto inodes = inodes_of(folder);
    if (inodes && inodes->free < room.files) return FolderState::OutOfInodes;
    return FolderState::Usable;
}

std::optional<Space> space_of(const fs::path& folder) noexcept {
    const auto status = status_of_file_system(folder);
    if (!status || status->f_blocks == 0) return std::nullopt;  // 0: the file system does not know
    return Space{std::uint64_t{status->f_bavail} * status->f_frsize,
                 std::uint64_t{status->f_blocks} * status->f_frsize};
}

std::optional<Space> inodes_of(const fs::path& folder) noexcept {
    const auto status = status_of_file_system(folder);
    // 0: it makes inodes as it needs them. More free inodes than it has: CephFS, which says -1.
    if (!status || status->f_files == 0 || status->f_favail > status->f_files) return std::nullopt;
    return Space{status->f_favail, status->f_files};
}

std::optional<std::uint64_t> bytes_in(const fs::path& folder, std::size_t most) noexcept {
    std::error_code error;
    std::uint64_t bytes = 0;
    // A range-based for would throw if a folder disappears during the walk.
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (most-- == 0) return std::nullopt;
        std::error_code gone;
        if (entry->is_symlink(gone) || !entry->is_regular_file(gone)) continue;
        const auto size = entry->file_size(gone);
        if (!gone) bytes += size;
    }
    if (error) return std::nullopt;
    return bytes;
}

}  // namespace coredepot::storage
