#include "os/ownership.hpp"

#include <cerrno>
#include <stdexcept>

#include <sys/stat.h>
#include <unistd.h>

#include "os/storage_error.hpp"

namespace coredepot::os {

std::filesystem::path private_temporary_folder(const std::string& name,
                                               const std::string& setting) {
    const auto user = ::geteuid();
    auto folder = std::filesystem::temp_directory_path() / (name + '-' + std::to_string(user));
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
        throw StorageError("cannot make", folder);
    }
    struct stat status {};
    const bool safe = ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                      status.st_uid == user && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (!safe) throw std::runtime_error(folder.string() + " is not ours alone; set " + setting);
    return folder;
}

bool is_file_of_ours(const Descriptor& file) {
    struct stat status {};
    return ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_uid == ::geteuid() || status.st_uid == 0) && (status.st_mode & S_IWOTH) == 0;
}

}  // namespace coredepot::os
