#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace coredepot::os {

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

}  // namespace coredepot::os
