#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"

/// Extended attributes of files (xattr(7)): small pieces of data that are kept and synced with a
/// file. Their names begin with `user.`. tmpfs before Linux 6.6, NFS before 4.2 and FAT have none.
namespace coredepot::os {

/// Whether the folder's file system has attributes. Also true when it cannot be asked.
bool has_attributes(const std::filesystem::path& folder) noexcept;

/// Does not follow links. Empty when there is no such file or attribute, when the attribute has
/// more than `limit` bytes, and when the file system has no attributes. Throws StorageError.
std::optional<std::string> read_attribute(const std::filesystem::path& path, const char* name,
                                          std::size_t limit);

/// Best effort: false when the attribute is not set afterwards. That is logged, unless the file
/// system has no attributes. `path` is for the log.
bool write_attribute(const Descriptor& file, const char* name, std::string_view value,
                     const std::filesystem::path& path) noexcept;

}  // namespace coredepot::os
