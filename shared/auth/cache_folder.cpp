#include "auth/cache_folder.hpp"

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace coredepot::auth {

std::filesystem::path private_temporary_folder() {
    const auto user = ::geteuid();
    auto folder = std::filesystem::temp_directory_path() / ("coredepot-" + std::to_string(user));
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        throw std::system_error(errno, std::generic_category(), "cannot make " + folder.string());
    }
    struct stat status {};
    const bool safe = ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                      status.st_uid == user && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (!safe) {
        throw std::runtime_error(folder.string() + " is not ours alone; set CACHE_DIRECTORY");
    }
    return folder;
}

std::filesystem::path cache_folder(const OidcConfig& config) {
    return config.cache_dir ? *config.cache_dir : private_temporary_folder();
}

}  // namespace coredepot::auth
