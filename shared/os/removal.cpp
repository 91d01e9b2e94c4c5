#include "os/removal.hpp"

#include <cerrno>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "log.hpp"

namespace coredepot::os {

namespace fs = std::filesystem;

bool remove_file(const fs::path& path) noexcept {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return true;
    const std::error_code error(errno, std::generic_category());
    log::warning("cannot remove a file", {{"path", path.string()}, {"error", error.message()}});
    return false;
}

namespace {

/// Lists the folder first: removing files while reading the folder may skip some.
std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        entries.push_back(entry->path());
    }
    return entries;
}

/// Removes all that it can. Returns 0, or the first error number.
int remove_all_of(const fs::path& path) {
    // Somebody may still write into the folder, such as an upload of a device that is being
    // deleted. It renames or adds a file, and the next pass sees that.
    constexpr int kPasses = 10;
    if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return 0;
    if (errno != EISDIR) return errno;
    for (int pass = 0; pass < kPasses; ++pass) {
        if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return 0;
        if (errno != ENOTEMPTY && errno != EEXIST) return errno;
        int failed = 0;
        for (const auto& entry : entries_of(path)) {
            const int error = remove_all_of(entry);
            if (failed == 0) failed = error;
        }
        if (failed != 0) return failed;
    }
    return ::rmdir(path.c_str()) == 0 || errno == ENOENT ? 0 : errno;
}

}  // namespace

bool remove_tree(const fs::path& path) noexcept {
    const int failed = remove_all_of(path);
    if (failed == 0) return true;
    const std::error_code error(failed, std::generic_category());
    log::warning("cannot remove a folder", {{"path", path.string()}, {"error", error.message()}});
    return false;
}

}  // namespace coredepot::os
