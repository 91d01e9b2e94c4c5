#include "storage/bounded_folder.hpp"

#include <chrono>
#include <ctime>
#include <map>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/locks.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

/// A writer takes a second for its file, or several on a very slow disk.
constexpr std::chrono::minutes kAbandoned{10};

bool is_unfinished(const fs::path& path) {
    return path.filename().string().starts_with(layout::kCachePrefix);
}

}  // namespace

std::optional<os::Descriptor> BoundedFolder::open(const std::string& name) const {
    auto file = os::open_existing(folder_ / name);
    // We cannot touch another user's file, only read it. So it counts as old.
    if (file) static_cast<void>(::futimens(file->get(), nullptr));
    return file;
}

std::optional<std::string> BoundedFolder::read(const std::string& name, std::uint64_t limit) const {
    const auto file = open(name);
    if (!file) return std::nullopt;
    return os::read_all(*file, limit, folder_ / name);
}

/// A new name for a file that is being written.
fs::path BoundedFolder::unfinished() const {
    return folder_ / (std::string(layout::kCachePrefix) + os::random_name());
}

os::Descriptor BoundedFolder::add(
    const std::function<std::string(const os::Descriptor&, const fs::path&)>& fill,
    const std::string& link) const {
    os::ensure_folder(folder_);
    const auto unfinished = this->unfinished();
    try {
        const auto name = fill(os::create_file(unfinished), unfinished);
        auto file = os::open_existing(unfinished);
        if (!file) throw os::StorageError("somebody removed", unfinished);
        // One process at a time renames and sweeps, so that none removes what another is naming or
        // linking.
        const auto lock = os::lock_folder(folder_);
        os::rename_over(unfinished, folder_ / name);
        if (!link.empty()) link_locked(name, link);
        trim_locked();
        return *std::move(file);
    } catch (...) {
        os::remove_file(unfinished);
        throw;
    }
}

void BoundedFolder::link_locked(const std::string& name, const std::string& link) const {
    const auto unfinished = this->unfinished();
    if (::symlink(name.c_str(), unfinished.c_str()) != 0) {
        throw os::StorageError("cannot link", unfinished);
    }
    os::rename_over(unfinished, folder_ / link);
}

void BoundedFolder::write(const std::string& name, std::string_view bytes) const {
    add([&](const os::Descriptor& file, const fs::path& path) {
        os::write_all(file, bytes, path);
        return name;
    });
}

void BoundedFolder::trim() const {
    const auto lock = os::lock_folder(folder_);
    trim_locked();
}

void BoundedFolder::trim_locked() const {
    const auto now = fs::file_time_type::clock::now();
    std::error_code error;
    std::multimap<fs::file_time_type, fs::directory_entry, std::greater<>> files;
    std::vector<fs::path> links;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.is_symlink(error)) {
            links.push_back(entry.path());
            continue;
        }
        const auto used = entry.last_write_time(error);
        if (error) continue;  // its writer has removed or renamed it
        if (!is_unfinished(entry.path())) {
            files.emplace(used, entry);
        } else if (used < now - kAbandoned) {
            os::remove_file(entry.path());
        }
    }
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    for (const auto& [used, entry] : files) {
        const auto size = entry.file_size(error);
        bytes += error ? 0 : size;
        // The file that was used last stays, however large it is.
        const bool beyond = ++count > limits_.files || (bytes > limits_.bytes && count > 1);
        // After the clock was set back, earlier uses lie in the future. They count as recent.
        const bool spared = limits_.spared.count() > 0 && used > now - limits_.spared;
        if (beyond && !spared) os::remove_file(entry.path());
    }
    trim_links_locked(links);
}

/// A source that is replaced again and again by the same content would leave a link each time.
void BoundedFolder::trim_links_locked(const std::vector<fs::path>& links) const {
    constexpr std::size_t kLinksOfAFile = 4;
    std::multimap<std::pair<std::time_t, long>, fs::path, std::greater<>> newest;
    for (const auto& path : links) {
        struct stat link {};
        std::error_code error;
        if (::lstat(path.c_str(), &link) != 0) continue;
        if (fs::exists(path, error)) {
            newest.emplace(std::pair(link.st_mtim.tv_sec, link.st_mtim.tv_nsec), path);
        } else {
            os::remove_file(path);
        }
    }
    std::size_t count = 0;
    for (const auto& [made, path] : newest) {
        if (++count > kLinksOfAFile * limits_.files) os::remove_file(path);
    }
}

}  // namespace coredepot::storage
