#include "os/durability.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"

namespace coredepot::os {

namespace fs = std::filesystem;

void sync_file(const Descriptor& file, const fs::path& path) {
    if (::fsync(file.get()) != 0) throw StorageError("cannot sync", path);
}

void sync_folder(const fs::path& folder) {
    sync_file(open_folder(folder), folder);
}

void sync_file_system(const fs::path& folder) noexcept {
    try {
        if (::syncfs(open_folder(folder).get()) != 0) throw StorageError("cannot sync", folder);
    } catch (const StorageError& error) {
        log::warning("cannot sync a file system", {{"error", error.what()}});
    }
}

void write_durably(const fs::path& path, std::string_view bytes,
                   const std::function<void(const Descriptor&)>& mark) {
    const auto file = create_file(path);
    try {
        write_all(file, bytes, path);
        if (mark) mark(file);
        sync_file(file, path);
    } catch (...) {
        remove_file(path);
        throw;
    }
}

namespace {

/// Whether a folder is so new that its name may not be on the disk yet, because its maker may have
/// been killed before it synced. File systems write older names by themselves (Linux after 30 s,
/// vm.dirty_expire_centisecs; ext4's journal after 5 s). On a file system without birth times we
/// always sync.
bool may_be_unsynced(const fs::path& folder) {
    constexpr std::int64_t kSeconds = 120;
    struct statx status {};
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return ::statx(AT_FDCWD, folder.c_str(), AT_STATX_DONT_SYNC, STATX_BTIME, &status) != 0 ||
           (status.stx_mask & STATX_BTIME) == 0 ||
           std::abs(now.tv_sec - status.stx_btime.tv_sec) < kSeconds;
}

}  // namespace

bool make_folder(const fs::path& folder) {
    const bool is_new = ::mkdir(folder.c_str(), kFolderMode) == 0;
    if (!is_new && errno != EEXIST) throw StorageError("cannot make", folder);
    return is_new || may_be_unsynced(folder);
}

void ensure_folder(const fs::path& folder) {
    if (make_folder(folder)) sync_folder(folder.parent_path());
}

bool link_file(const Descriptor& file, const fs::path& to) noexcept {
    // The name in /proc leads to the file itself: open(2), O_TMPFILE.
    const auto from = "/proc/self/fd/" + std::to_string(file.get());
    return ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool rename_to_free(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno == EEXIST) return false;
    if (errno != EINVAL && errno != ENOSYS) throw StorageError("cannot rename to", to);
    // The file system has no RENAME_NOREPLACE (NFS). A hard link does not replace anything either.
    if (::link(from.c_str(), to.c_str()) != 0) {
        if (errno == EEXIST) return false;
        throw StorageError("cannot link to", to);
    }
    remove_file(from);
    return true;
}

void rename_over(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw StorageError("cannot rename to", to);
}

}  // namespace coredepot::os
