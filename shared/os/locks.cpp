#include "os/locks.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "os/files.hpp"
#include "os/storage_error.hpp"

namespace coredepot::os {

namespace fs = std::filesystem;

namespace {

/// Whether `path` still names the open file.
bool is_named(const Descriptor& file, const fs::path& path) {
    struct stat opened {};
    struct stat named {};
    if (::fstat(file.get(), &opened) != 0) throw StorageError("cannot look at", path);
    if (::stat(path.c_str(), &named) != 0) {
        if (errno == ENOENT) return false;
        throw StorageError("cannot look at", path);
    }
    return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

void wait_for_lock(const Descriptor& file, const fs::path& path) {
    while (::flock(file.get(), LOCK_EX) != 0) {
        if (errno != EINTR) throw StorageError("cannot lock", path);
    }
}

}  // namespace

std::optional<Descriptor> try_lock_file(const fs::path& path) {
    // NFS grants an exclusive lock only on a file that is open for writing.
    Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() < 0) {
        if (errno == ENOENT) return std::nullopt;
        throw StorageError("cannot open", path);
    }
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        if (errno != EINTR) throw StorageError("cannot lock", path);
    }
    // Another process may have moved or removed it before it released the lock.
    if (!is_named(file, path)) return std::nullopt;
    return file;
}

Descriptor lock_file(const fs::path& path) {
    while (true) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kFileMode));
        if (file.get() < 0) throw StorageError("cannot open", path);
        wait_for_lock(file, path);
        // Somebody may have removed it before we had the lock.
        if (is_named(file, path)) return file;
    }
}

Descriptor lock_folder(const fs::path& folder) {
    auto handle = open_folder(folder);
    wait_for_lock(handle, folder);
    return handle;
}

}  // namespace coredepot::os
