#include "os/storage_error.hpp"

#include <cerrno>

namespace coredepot::os {

namespace fs = std::filesystem;

StorageError::StorageError(const std::string& what, const fs::path& path)
    : std::system_error(errno, std::generic_category(), what + ' ' + path.string()) {}

void require_folder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_directory(folder, error)) return;
    errno = error ? error.value() : ENOTDIR;
    throw FolderGone("cannot find the folder", folder);
}

}  // namespace coredepot::os
