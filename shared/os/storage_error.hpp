#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace coredepot::os {

/// The disk refused. The text names the path, so it belongs in the log only.
class StorageError : public std::system_error {
  public:
    /// Takes the reason from errno.
    StorageError(const std::string& what, const std::filesystem::path& path);
};

/// A folder of ours is missing, for example because its file system is not mounted. So a file that
/// was not found in it may still exist.
class FolderGone : public StorageError {
  public:
    using StorageError::StorageError;
};
/// Throws FolderGone when the folder is missing.
void require_folder(const std::filesystem::path& folder);

}  // namespace coredepot::os
