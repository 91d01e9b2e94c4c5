#include "metrics/counter_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"

namespace coredepot::metrics {

namespace fs = std::filesystem;
using os::Descriptor;
using os::StorageError;

namespace {

/// A multiple of a counter's alignment.
constexpr std::size_t kHeaderSize = 128;
constexpr std::string_view kMagic = "coredepot counters ";

/// The group may count, too: handlers may run as several users.
constexpr unsigned kMode = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP;

std::string header(std::string_view layout) {
    auto text = std::string(kMagic).append(sha256_hex(layout)) += '\n';
    text.resize(kHeaderSize, '\0');
    return text;
}

void* map_memory(const Descriptor& file, int flags, std::size_t length, const fs::path& path) {
    void* const start = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, flags, file.get(), 0);
    if (start == MAP_FAILED) throw StorageError("cannot map", path);
    return start;
}

CounterMemory map_file(const Descriptor& file, std::size_t cells, const fs::path& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) throw StorageError("cannot look at", path);
    const auto length = kHeaderSize + cells * sizeof(std::uint64_t);
    return {map_memory(file, MAP_SHARED, length, path), length, kHeaderSize,
            MappedFile{path, status.st_dev, status.st_ino}};
}

}  // namespace

CounterMemory::~CounterMemory() {
    guard_.reset();
    if (start_ != nullptr) ::munmap(start_, length_);
}

std::span<std::uint64_t> CounterMemory::cells() const {
    auto* const first = static_cast<std::byte*>(start_) + header_;
    return {reinterpret_cast<std::uint64_t*>(first), (length_ - header_) / sizeof(std::uint64_t)};
}

bool CounterMemory::is_private() const {
    return !file_ || guard_->has_replaced();
}

bool CounterMemory::is_shared() const {
    struct stat found {};
    return !is_private() && ::lstat(file_->path.c_str(), &found) == 0 &&
           found.st_dev == file_->device && found.st_ino == file_->inode &&
           static_cast<std::uint64_t>(found.st_size) == length_;
}

CounterMemory private_memory(std::size_t cells) {
    const auto length = cells * sizeof(std::uint64_t);
    return {map_memory(Descriptor(), MAP_PRIVATE | MAP_ANONYMOUS, length, "memory"), length, 0,
            std::nullopt};
}

CounterFile::CounterFile(fs::path folder, std::string_view layout, std::size_t cells)
    : folder_(std::move(folder)), header_(header(layout)), cells_(cells) {
    constexpr std::size_t kEnough = 16;
    path_ = folder_ / ("counters-" + header_.substr(kMagic.size(), kEnough));
}

CounterMemory CounterFile::map() const {
    // Two passes are enough, unless somebody keeps spoiling the file.
    constexpr int kTries = 10;
    for (int i = 0; i < kTries; ++i) {
        if (const auto file = open_good()) {
            return map_file(*file, cells_, path_);
        }
        create();
    }
    errno = EBUSY;
    throw StorageError("cannot agree on", path_);
}

/// Empty when there is no file (any more).
std::optional<Descriptor> CounterFile::open_good() const {
    Descriptor file(::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0 && errno == ENOENT) return std::nullopt;
    // A folder or a symbolic link of that name can be set aside as well.
    if (file.get() < 0 && errno != EISDIR && errno != ELOOP) {
        throw StorageError("cannot open", path_);
    }
    if (file.get() >= 0 && is_good(file)) return file;
    set_aside();
    return std::nullopt;
}

/// Above all it checks the length: memory beyond a file's end cannot be shared.
bool CounterFile::is_good(const Descriptor& file) const {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    const auto length = kHeaderSize + cells_ * sizeof(std::uint64_t);
    if (static_cast<std::uint64_t>(status.st_size) != length) return false;
    std::string found(kHeaderSize, '\0');
    const auto got = ::pread(file.get(), found.data(), found.size(), 0);
    return got == static_cast<ssize_t>(found.size()) && found == header_;
}

void CounterFile::create() const {
    const auto temporary = folder_ / (".counters-" + os::random_name());
    const auto file = os::create_file(temporary);
    try {
        // Write the zeros instead of leaving a hole: on a full disk a hole would be as deadly as
        // the file's end.
        os::write_all(file, header_ + std::string(cells_ * sizeof(std::uint64_t), '\0'), temporary);
        if (::fchmod(file.get(), kMode) != 0) throw StorageError("cannot set the mode of", path_);
        // If another process was faster, its file is just as good.
        if (!os::rename_to_free(temporary, path_)) os::remove_file(temporary);
    } catch (...) {
        os::remove_file(temporary);
        throw;
    }
}

void CounterFile::set_aside() const {
    // One process at a time, and it looks again. Otherwise the second of two processes that saw the
    // bad file would set aside the good one that the first has made.
    const Descriptor lock(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.get() < 0 || ::flock(lock.get(), LOCK_EX) != 0) {
        throw StorageError("cannot lock", folder_);
    }
    const Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0 && errno == ENOENT) return;
    if (file.get() >= 0 && is_good(file)) return;
    auto aside = path_;
    aside += ".bad-" + os::random_name();
    os::rename_over(path_, aside);
    log::warning("a file of counters is not valid and was set aside",
                 {{"path", path_.string()}, {"aside", aside.string()}});
}

}  // namespace coredepot::metrics
