#include "storage/bounded_folder.hpp"

#include <chrono>
#include <map>

#include <sys/stat.h>

#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/locks.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

/// A writer needs a second for its file, and some on a disk that hardly moves.
constexpr std::chrono::minutes kAbandoned{10};

bool is_unfinished(const fs::path& path) {
    return path.filename().string().starts_with(BoundedFolder::kUnfinished);
}

}  // namespace

std::optional<os::Descriptor> BoundedFolder::open(const std::string& name) const {
    auto file = os::open_existing(folder_ / name);
    // Another user's file can be read and not be touched: it then counts as old.
    if (file) static_cast<void>(::futimens(file->get(), nullptr));
    return file;
}

std::optional<std::string> BoundedFolder::read(const std::string& name, std::uint64_t limit) const {
    const auto file = open(name);
    if (!file) return std::nullopt;
    return os::read_all(*file, limit, folder_ / name);
}

os::Descriptor BoundedFolder::add(
    const std::function<std::string(const os::Descriptor&, const fs::path&)>& fill) const {
    os::ensure_folder(folder_);
    const auto unfinished = folder_ / (std::string(kUnfinished) + os::random_name());
    try {
        const auto name = fill(os::create_file(unfinished), unfinished);
        auto file = os::open_existing(unfinished);
        if (!file) throw os::StorageError("somebody removed", unfinished);
        // One process at a time gives names and sweeps, so that none removes what another names.
        const auto lock = os::lock_folder(folder_);
        os::rename_over(unfinished, folder_ / name);
        trim_locked();
        return *std::move(file);
    } catch (...) {
        os::remove_file(unfinished);
        throw;
    }
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
    const auto abandoned = fs::file_time_type::clock::now() - kAbandoned;
    std::error_code error;
    std::multimap<fs::file_time_type, fs::directory_entry, std::greater<>> files;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.is_symlink(error)) continue;
        const auto used = entry.last_write_time(error);
        if (error) continue;  // its writer gave up on it meanwhile
        if (!is_unfinished(entry.path())) {
            files.emplace(used, entry);
        } else if (used < abandoned) {
            os::remove_file(entry.path());
        }
    }
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    for (const auto& [used, entry] : files) {
        const auto size = entry.file_size(error);
        bytes += error ? 0 : size;
        // The one used last stays, however large it is.
        if (++count > limits_.files || (bytes > limits_.bytes && count > 1)) {
            os::remove_file(entry.path());
        }
    }
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        if (entry.is_symlink(error) && !entry.exists(error)) os::remove_file(entry.path());
    }
}

}  // namespace coredepot::storage
