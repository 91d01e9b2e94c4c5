#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"

/// Extended attributes of files (xattr(7)): little things that are kept with a file, and synced
/// with it. Names begin with `user.`. tmpfs before Linux 6.6, NFS before 4.2 and FAT have none.
namespace coredepot::os {

/// Whether the folder's file system has them. True, too, when it cannot be asked.
bool has_attributes(const std::filesystem::path& folder) noexcept;

/// Of a file, links not followed. Empty when it has no such attribute, or one of more than `limit`
/// bytes; when there is no such file; when the file system has none. Throws StorageError.
std::optional<std::string> read_attribute(const std::filesystem::path& path, const char* name,
                                          std::size_t limit);

/// Best effort: false when it is not set afterwards, which is logged unless the file system has
/// none. `path` is for the log.
bool write_attribute(const Descriptor& file, const char* name, std::string_view value,
                     const std::filesystem::path& path) noexcept;

}  // namespace coredepot::os
