#include "os/files.hpp"

#include <array>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.hpp"
#include "sha256.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

StorageError::StorageError(const std::string& what, const fs::path& path)
    : std::system_error(errno, std::generic_category(), what + ' ' + path.string()) {}

void require_folder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return;
    errno = error ? error.value() : ENOTDIR;
    throw FolderGone("cannot find the folder", folder);
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

std::string random_name() {
    std::array<char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw StorageError("no random bytes for", "a file name");
    }
    return to_hex({bytes.data(), bytes.size()});
}

std::optional<Descriptor> open_existing(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() >= 0) return file;
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw StorageError("cannot open", path);
}

void read_pieces(const Descriptor& file, const std::function<void(std::string_view)>& sink,
                 const fs::path& path) {
    std::array<char, 65'536> piece;  // NOLINT(*-member-init): read into before it is looked at
    while (true) {
        const auto got = ::read(file.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw StorageError("cannot read", path);
        if (got == 0) return;
        sink({piece.data(), static_cast<std::size_t>(got)});
    }
}

std::string read_all(const Descriptor& file, std::uint64_t limit, const fs::path& path) {
    std::string content;
    const auto append = [&](std::string_view piece) {
        content += piece;
        if (content.size() > limit) {
            errno = EFBIG;
            throw StorageError("refuse to read", path);
        }
    };
    read_pieces(file, append, path);
    return content;
}

std::optional<std::string> read_file(const fs::path& path, std::uint64_t limit) {
    const auto file = open_existing(path);
    if (!file) return std::nullopt;
    return read_all(*file, limit, path);
}

Descriptor create_file(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
    if (file.get() < 0) throw StorageError("cannot create", path);
    // Whatever the umask is: nginx and the sidecar read these through the group.
    if (::fchmod(file.get(), kFileMode) != 0) throw StorageError("cannot set the mode of", path);
    return file;
}

void make_file(const fs::path& path) {
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kFileMode));
    if (file.get() < 0) throw StorageError("cannot make", path);
}

void touch(const fs::path& path) noexcept {
    try {
        make_file(path);
    } catch (const StorageError& error) {
        log::warning("cannot make a file", {{"error", error.what()}});
    }
}

void write_all(const Descriptor& file, std::string_view bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw StorageError("cannot write", path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void sync_file(const Descriptor& file, const fs::path& path) {
    if (::fsync(file.get()) != 0) throw StorageError("cannot sync", path);
}

namespace {

Descriptor open_folder(const fs::path& folder) {
    Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.get() < 0) throw StorageError("cannot open", folder);
    return handle;
}

/// Whether `path` still names the file that was opened by it.
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

}  // namespace

std::optional<Descriptor> try_lock_file(const fs::path& path) {
    // For writing, which an exclusive lock needs on NFS.
    Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() < 0) {
        if (errno == ENOENT) return std::nullopt;
        throw StorageError("cannot open", path);
    }
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        if (errno != EINTR) throw StorageError("cannot lock", path);
    }
    // Another process may have moved or removed it before it gave up the lock.
    if (!is_named(file, path)) return std::nullopt;
    return file;
}

void sync_folder(const fs::path& folder) {
    sync_file(open_folder(folder), folder);
}

namespace {

void wait_for_lock(const Descriptor& file, const fs::path& path) {
    while (::flock(file.get(), LOCK_EX) != 0) {
        if (errno != EINTR) throw StorageError("cannot lock", path);
    }
}

}  // namespace

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

/// Whether a folder is so young that its name may not be on the disk yet: whoever made it may have
/// been killed before it synced that. File systems write what is older by themselves (Linux after
/// 30 s, vm.dirty_expire_centisecs; ext4's journal after 5 s). One that keeps no time of birth has
/// to sync.
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
    // A file system without RENAME_NOREPLACE (NFS): a hard link does not replace either.
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

bool remove_file(const fs::path& path) noexcept {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return true;
    const std::error_code error(errno, std::generic_category());
    log::warning("cannot remove a file", {{"path", path.string()}, {"error", error.message()}});
    return false;
}

namespace {

/// The names in the folder as they are now: to remove them while they are read may skip some.
std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        entries.push_back(entry->path());
    }
    return entries;
}

/// 0, or the number of the first error, when all else was removed that could be.
int remove_all_of(const fs::path& path) {
    // Whoever still writes into it, such as an upload of a device that is being deleted, gives a
    // file another name or brings one more, which is seen the next time.
    constexpr int kPasses = 10;
    if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return 0;
    if (errno != EISDIR) return errno;
    for (int pass = 0; pass < kPasses; ++pass) {
        if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return 0;
        if (errno != ENOTEMPTY && errno != EEXIST) return errno;
        int failed = 0;
        for (const auto& entry : entries_of(path)) {
            const int error = remove_all_of(entry);
            if (failed == 0) failed = error;
        }
        if (failed != 0) return failed;
    }
    return ::rmdir(path.c_str()) == 0 || errno == ENOENT ? 0 : errno;
}

}  // namespace

bool remove_tree(const fs::path& path) noexcept {
    const int failed = remove_all_of(path);
    if (failed == 0) return true;
    const std::error_code error(failed, std::generic_category());
    log::warning("cannot remove a folder", {{"path", path.string()}, {"error", error.message()}});
    return false;
}

}  // namespace coredepot::storage
