#include "os/files.hpp"

#include <array>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.hpp"
#include "os/storage_error.hpp"
#include "text/hex.hpp"

namespace coredepot::os {

namespace fs = std::filesystem;

std::string random_name() {
    std::array<char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw StorageError("no random bytes for", "a file name");
    }
    return to_hex({bytes.data(), bytes.size()});
}

std::optional<Descriptor> open_existing(const fs::path& path) {
    // Without O_NONBLOCK, open() would wait for the other end of a FIFO. For files it changes
    // nothing.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() >= 0) return file;
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw StorageError("cannot open", path);
}

Descriptor open_folder(const fs::path& folder) {
    Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.get() < 0) throw StorageError("cannot open", folder);
    return handle;
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

std::string read_piece(const Descriptor& file, std::uint64_t first, std::uint64_t length,
                       const fs::path& path) {
    std::string piece(static_cast<std::size_t>(length), '\0');
    std::size_t have = 0;
    while (have < piece.size()) {
        const auto got = ::pread(file.get(), piece.data() + have, piece.size() - have,
                                 static_cast<off_t>(first + have));
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) errno = ENODATA;
        if (got <= 0) throw StorageError("cannot read", path);
        have += static_cast<std::size_t>(got);
    }
    return piece;
}

Descriptor create_file(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
    if (file.get() < 0) throw StorageError("cannot create", path);
    // Do not depend on the umask: nginx and the sidecar read these files through the group.
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

}  // namespace coredepot::os
