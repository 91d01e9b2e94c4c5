#include "os/file_identity.hpp"

#include <sys/stat.h>

#include "os/storage_error.hpp"

namespace coredepot::os {

std::string file_identity(const Descriptor& file) {
    struct stat stat {};
    if (::fstat(file.get(), &stat) != 0) throw StorageError("cannot look at", "firmware");
    const auto number = [](auto value) { return '-' + std::to_string(value); };
    return "source" + number(stat.st_dev) + number(stat.st_ino) + number(stat.st_size) +
           number(stat.st_ctim.tv_sec) + number(stat.st_ctim.tv_nsec);
}

FileStamp file_stamp(const std::filesystem::path& path) noexcept {
    struct stat stat {};
    if (::stat(path.c_str(), &stat) != 0) return {};
    return {
        stat.st_dev, stat.st_ino, stat.st_size,
        std::chrono::seconds(stat.st_ctim.tv_sec) + std::chrono::nanoseconds(stat.st_ctim.tv_nsec)};
}

}  // namespace coredepot::os
