#pragma once

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

// The file work of an upload, as DumpStore does it, in as few system calls as that takes.
// Keep it in step with shared/storage/dump_store.cpp: the limit is of the very same syncs.

inline int require(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

inline void sync_and_close(int fd) {
    require(::fsync(fd), "fsync");
    require(::close(fd), "close");
}

/// Temporary file in the device's folder, write, label, rename, fsync, fsync of the folder.
inline void store(const std::filesystem::path& folder, const std::string& name,
                  std::string_view bytes) {
    const auto temporary = folder / ".upload";
    const int fd =
        require(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640), "open");
    if (require(static_cast<int>(::write(fd, bytes.data(), bytes.size())), "write") !=
        static_cast<int>(bytes.size())) {
        throw std::runtime_error("short write");
    }
    // Where the file system has none, it costs nothing there either.
    constexpr std::string_view kLabel = "2/9f86d081884c7d65/esp32c3/thermostat/1.4.2/";
    static_cast<void>(::fsetxattr(fd, "user.coredepot", kLabel.data(), kLabel.size(), 0));
    require(::rename(temporary.c_str(), (folder / name).c_str()), "rename");
    sync_and_close(fd);
    sync_and_close(
        require(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open folder"));
}

/// One that is not there may be the bench's own: rows that were made without files.
inline void evict(const std::filesystem::path& folder, const std::string& name) {
    if (::unlink((folder / name).c_str()) != 0 && errno != ENOENT) require(-1, "unlink");
}
