#include "storage/folder_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/storage_error.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

Timestamp moment(const timespec& time) {
    using namespace std::chrono;
    return Timestamp(floor<microseconds>(seconds(time.tv_sec) + nanoseconds(time.tv_nsec)));
}

FolderEntry::Kind kind_of(const struct stat& status) {
    if (S_ISREG(status.st_mode)) return FolderEntry::Kind::File;
    if (S_ISDIR(status.st_mode)) return FolderEntry::Kind::Folder;
    return FolderEntry::Kind::Other;
}

/// Empty when it is gone.
std::optional<FolderEntry> look_at(int folder, const char* name, const fs::path& path) {
    struct stat status {};
    if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw os::StorageError("cannot look at", path);
    }
    // Always, whatever the file system's block size is: stat(2).
    constexpr std::uint64_t kBlock = 512;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    return FolderEntry{name,
                       kind_of(status),
                       size,
                       std::max(size, kBlock * static_cast<std::uint64_t>(status.st_blocks)),
                       std::max(moment(status.st_mtim), moment(status.st_ctim)),
                       status.st_ino};
}

}  // namespace

bool for_each_entry(const fs::path& folder, const std::function<void(const FolderEntry&)>& see) {
    const std::unique_ptr<DIR, CloseFolder> stream(::opendir(folder.c_str()));
    if (!stream) {
        if (errno == ENOENT || errno == ENOTDIR) return false;
        throw os::StorageError("cannot open", folder);
    }
    while (true) {
        errno = 0;
        const auto* entry = ::readdir(stream.get());
        if (entry == nullptr) {
            if (errno != 0) throw os::StorageError("cannot read", folder);
            return true;
        }
        const std::string_view name(static_cast<const char*>(entry->d_name));
        if (name == "." || name == "..") continue;
        if (const auto found = look_at(::dirfd(stream.get()), name.data(), folder / name)) {
            see(*found);
        }
    }
}

std::optional<FolderEntry> entry_at(const fs::path& path) {
    auto entry = look_at(AT_FDCWD, path.c_str(), path);
    if (entry) entry->name = path.filename().string();
    return entry;
}

bool remove_empty_folder(const fs::path& folder) noexcept {
    return ::rmdir(folder.c_str()) == 0;
}

}  // namespace coredepot::storage
