#include "storage/folder_budget.hpp"

#include <algorithm>
#include <vector>

#include "log.hpp"
#include "os/locks.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

struct File {
    fs::file_time_type used;
    std::uint64_t size = 0;
    fs::path path;
};

std::vector<File> files_below(const fs::path& root, std::string_view suffix) {
    std::error_code error;
    std::vector<File> files;
    for (const auto& folder : fs::directory_iterator(root, error)) {
        if (!folder.is_directory(error)) continue;
        for (const auto& entry : fs::directory_iterator(folder.path(), error)) {
            if (entry.is_symlink(error) || entry.path().extension() != fs::path(suffix)) continue;
            const auto used = entry.last_write_time(error);
            if (error) continue;  // another process removed it
            const auto size = entry.file_size(error);
            if (!error) files.push_back({used, size, entry.path()});
        }
    }
    return files;
}

/// Skips a file that has been replaced by another one. Whoever replaces it also locks the folder.
void remove_if_still(const File& file) {
    const auto lock = os::lock_folder(file.path.parent_path());
    std::error_code error;
    if (fs::last_write_time(file.path, error) == file.used && !error) os::remove_file(file.path);
}

}  // namespace

void trim_folders(const fs::path& root, std::string_view suffix,
                  const FolderBudget& budget) noexcept {
    try {
        auto files = files_below(root, suffix);
        std::ranges::sort(files, std::greater<>(), &File::used);
        const auto young = fs::file_time_type::clock::now() - budget.spared;
        std::uint64_t bytes = 0;
        for (const auto& file : files) {
            bytes += file.size;
            if (bytes > budget.bytes && file.used <= young) remove_if_still(file);
        }
    } catch (const std::exception& error) {
        log::warning("cannot trim a cache", {{"error", error.what()}});
    }
}

}  // namespace coredepot::storage
