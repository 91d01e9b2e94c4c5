#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "os/descriptor.hpp"

/// Thin, checked wrappers around the system calls that durability is made of: what is written, made
/// or renamed is there after a power cut. What fails throws a StorageError.
namespace coredepot::os {

constexpr unsigned kFolderMode = 0750;

/// The file's content is on stable storage when this returns.
void sync_file(const Descriptor& file, const std::filesystem::path& path);
/// So are the names in the folder.
void sync_folder(const std::filesystem::path& folder);

/// And all that was done to the file system that the folder is on. Best effort: a failure is
/// logged.
void sync_file_system(const std::filesystem::path& folder) noexcept;

/// Creates `path` with `bytes` and syncs it; leaves nothing behind when that fails. What `mark`
/// does to the open file is synced with them.
void write_durably(const std::filesystem::path& path, std::string_view bytes,
                   const std::function<void(const Descriptor&)>& mark = {});

/// Makes the folder when it is missing, durably; its parent has to be there.
void ensure_folder(const std::filesystem::path& folder);
/// Makes it when it is missing. True when its parent has to be synced for it to be durable.
bool make_folder(const std::filesystem::path& folder);

/// A second name for an open file, whatever became of its first one. False when there can be none:
/// on another file system, or for want of permission.
bool link_file(const Descriptor& file, const std::filesystem::path& to) noexcept;

/// Atomic. False, and nothing changed, when `to` exists.
bool rename_to_free(const std::filesystem::path& from, const std::filesystem::path& to);
/// Atomic; replaces `to`.
void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace coredepot::os
