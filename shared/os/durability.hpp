#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "os/descriptor.hpp"

/// Thin, checked wrappers around the system calls for durability: what they write, make or rename
/// survives a power cut. All throw StorageError on failure.
namespace coredepot::os {

constexpr unsigned kFolderMode = 0750;

/// The file's content is on stable storage when this returns.
void sync_file(const Descriptor& file, const std::filesystem::path& path);
/// The names in the folder are on stable storage when this returns.
void sync_folder(const std::filesystem::path& folder);

/// Syncs the whole file system that the folder is on. Best effort: a failure is logged.
void sync_file_system(const std::filesystem::path& folder) noexcept;

/// Creates `path` with `bytes` and syncs it. On failure it leaves nothing behind. `mark` may change
/// the open file before it is synced.
void write_durably(const std::filesystem::path& path, std::string_view bytes,
                   const std::function<void(const Descriptor&)>& mark = {});

/// Makes a missing folder, durably. Its parent must exist.
void ensure_folder(const std::filesystem::path& folder);
/// Makes a missing folder. True when the caller must sync its parent to make it durable.
bool make_folder(const std::filesystem::path& folder);

/// Gives an open file a second name, even when its first one is gone. False when that is
/// impossible: on another file system, or for want of permission.
bool link_file(const Descriptor& file, const std::filesystem::path& to) noexcept;

/// Atomic. When `to` exists, returns false and changes nothing.
bool rename_to_free(const std::filesystem::path& from, const std::filesystem::path& to);
/// Atomic; replaces `to`.
void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace coredepot::os
