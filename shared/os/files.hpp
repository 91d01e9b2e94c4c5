#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

/// Thin, checked wrappers around the system calls that durability is made of.
namespace coredepot::storage {

/// The disk refused. The text names the path, so it is for the log only.
class StorageError : public std::system_error {
  public:
    /// From errno.
    StorageError(const std::string& what, const std::filesystem::path& path);
};

/// There is no such folder of ours, as where its file system is not mounted: then a file that is
/// not found in it may be there all the same.
class FolderGone : public StorageError {
  public:
    using StorageError::StorageError;
};
/// Throws FolderGone.
void require_folder(const std::filesystem::path& folder);

/// Owns a file descriptor.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    int get() const { return fd_; }

  private:
    int fd_;
};

/// Files are for the service's user and group only: a core dump holds whatever was in RAM.
constexpr unsigned kFileMode = 0640;
constexpr unsigned kFolderMode = 0750;

/// 32 hex characters that nobody else draws.
std::string random_name();

/// Opens for reading; empty when there is no such file.
std::optional<Descriptor> open_existing(const std::filesystem::path& path);

/// From here to the end, piece by piece. `path` is for the text of a StorageError.
void read_pieces(const Descriptor& file, const std::function<void(std::string_view)>& sink,
                 const std::filesystem::path& path);
/// From here to the end, at most `limit` bytes: more is a StorageError.
std::string read_all(const Descriptor& file, std::uint64_t limit,
                     const std::filesystem::path& path);
/// The whole file, likewise; empty when there is none.
std::optional<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Creates an empty file of mode kFileMode that was not there, open for writing.
Descriptor create_file(const std::filesystem::path& path);

/// Makes an empty file of that mode unless there is one.
void make_file(const std::filesystem::path& path);
/// The same, best effort: a failure is logged.
void touch(const std::filesystem::path& path) noexcept;

void write_all(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path);

/// The file's content is on stable storage when this returns.
void sync_file(const Descriptor& file, const std::filesystem::path& path);
/// So are the names in the folder.
void sync_folder(const std::filesystem::path& folder);

/// Creates `path` with `bytes` and syncs it; leaves nothing behind when that fails. What `mark`
/// does to the open file is synced with them.
void write_durably(const std::filesystem::path& path, std::string_view bytes,
                   const std::function<void(const Descriptor&)>& mark = {});

/// Makes the folder when it is missing, durably; its parent has to be there.
void ensure_folder(const std::filesystem::path& folder);
/// Makes it when it is missing. True when its parent has to be synced for it to be durable.
bool make_folder(const std::filesystem::path& folder);

/// Opens an existing file, locked until the result goes out of scope or the process
/// dies. Empty when there is no such file (any more), or another process has it locked.
std::optional<Descriptor> try_lock_file(const std::filesystem::path& path);

/// Waits until nobody else has the file locked, which is made when it is missing; open for reading
/// and writing, and ours until the result goes out of scope. Other machines that share the file
/// respect it, also over NFS.
Descriptor lock_file(const std::filesystem::path& path);

/// Waits until nobody else has the folder locked; ours until the result goes out of scope.
Descriptor lock_folder(const std::filesystem::path& folder);

/// A second name for an open file, whatever became of its first one. False when there can be none:
/// on another file system, or for want of permission.
bool link_file(const Descriptor& file, const std::filesystem::path& to) noexcept;

/// Atomic. False, and nothing changed, when `to` exists.
bool rename_to_free(const std::filesystem::path& from, const std::filesystem::path& to);
/// Atomic; replaces `to`.
void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

/// Best effort: true when it is gone afterwards, also when it was not there; a failure is logged.
bool remove_file(const std::filesystem::path& path) noexcept;
/// So is all that is in it: what goes away, comes or cannot be removed meanwhile keeps nothing else
/// from being removed. Links are not followed.
bool remove_tree(const std::filesystem::path& path) noexcept;

}  // namespace coredepot::storage
