#include "os/attributes.hpp"

#include <cerrno>

#include <sys/xattr.h>

#include "log.hpp"
#include "os/storage_error.hpp"

namespace coredepot::os {

namespace fs = std::filesystem;

bool has_attributes(const fs::path& folder) noexcept {
    // It does not matter whether this attribute is set, only whether the file system has any.
    return ::getxattr(folder.c_str(), "user.any", nullptr, 0) >= 0 || errno != ENOTSUP;
}

std::optional<std::string> read_attribute(const fs::path& path, const char* name,
                                          std::size_t limit) {
    std::string value(limit, '\0');
    const auto size = ::lgetxattr(path.c_str(), name, value.data(), value.size());
    if (size < 0) {
        switch (errno) {
            case ENODATA:
            case ENOENT:
            case ENOTSUP:
            case ERANGE:
                return std::nullopt;
            default:
                throw StorageError("cannot read the attributes of", path);
        }
    }
    value.resize(static_cast<std::size_t>(size));
    return value;
}

bool write_attribute(const Descriptor& file, const char* name, std::string_view value,
                     const fs::path& path) noexcept {
    if (::fsetxattr(file.get(), name, value.data(), value.size(), 0) == 0) return true;
    if (errno == ENOTSUP) return false;
    const std::error_code error(errno, std::generic_category());
    log::warning("cannot set an attribute of a file",
                 {{"path", path.string()}, {"attribute", name}, {"error", error.message()}});
    return false;
}

}  // namespace coredepot::os
