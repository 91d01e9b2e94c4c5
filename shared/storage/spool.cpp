#include "storage/spool.hpp"

#include <algorithm>
#include <cerrno>

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSpoolSuffix = ".spool";

struct FolderUsage {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

/// Of the files whose names do not begin with a dot: those are still being written.
FolderUsage usage_of(const fs::path& folder) noexcept {
    std::error_code error;
    FolderUsage usage;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().filename().native().starts_with('.')) continue;
        std::error_code gone;
        const auto size = entry->file_size(gone);
        if (gone) continue;
        ++usage.files;
        usage.bytes += size;
    }
    return usage;
}

}  // namespace

Spool::Spool(fs::path coredumps_dir, std::uint64_t max_bytes)
    : root_(std::move(coredumps_dir)),
      folder_(root_ / ".spool"),
      quarantine_(root_ / ".quarantine"),
      max_bytes_(max_bytes) {}

fs::path Spool::path(const SpooledDump& dump) const {
    return folder_ / (dump.device.str() + '-' + to_compact(dump.uploaded_at) + kSpoolSuffix);
}

/// What waits here has the name promised, what is in its place has it already.
bool Spool::is_taken(const SpooledDump& dump) const {
    std::error_code error;
    return fs::exists(path(dump), error) ||
           fs::exists(root_ / dump.device.str() / dump_filename(dump.uploaded_at).str(), error);
}

Timestamp Spool::store(SpooledDump dump) const {
    ensure_folder(folder_);
    while (is_taken(dump) || !put(dump, path(dump))) {
        dump.uploaded_at += std::chrono::microseconds(1);
    }
    return dump.uploaded_at;
}

void Spool::store_unmoved(const SpooledDump& dump) const {
    ensure_folder(folder_);
    if (put(dump, path(dump))) return;
    // Another core dump of this device waits under the same microsecond.
    auto beside = path(dump);
    beside.replace_extension('.' + random_name() + kSpoolSuffix);
    put(dump, beside);
}

/// False, and nothing left behind, when there is such a file.
bool Spool::put(const SpooledDump& dump, const fs::path& target) const {
    const auto record = to_record(dump);
    require_room(record.size());  // without writing it first
    const auto temporary = folder_ / (".upload-" + random_name());
    write_durably(temporary, record);
    try {
        // Measured again under a lock: parallel uploads together stay within the bound.
        const auto lock = lock_folder(folder_);
        require_room(record.size());
        if (!rename_to_free(temporary, target)) {
            remove_file(temporary);
            return false;
        }
    } catch (...) {
        remove_file(temporary);
        throw;
    }
    try {
        sync_folder(folder_);
    } catch (...) {
        remove_file(target);
        throw;
    }
    return true;
}

void Spool::require_room(std::uint64_t bytes) const {
    if (usage_of(folder_).bytes + bytes <= max_bytes_) return;
    errno = EDQUOT;
    throw StorageError("SPOOL_MAX_BYTES are used up by", folder_);
}

std::vector<std::string> Spool::names() const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        auto name = entry->path().filename().string();
        if (!name.starts_with('.')) names.push_back(std::move(name));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        errno = error.value();
        throw StorageError("cannot list", folder_);
    }
    std::ranges::sort(names);
    return names;
}

std::string Spool::device_of(const std::string& name) {
    return name.substr(0, name.find('-'));
}

std::optional<SpoolClaim> Spool::claim(const std::string& name) const {
    auto path = folder_ / name;
    auto lock = try_lock_file(path);
    if (!lock) return std::nullopt;
    return SpoolClaim{std::move(path), std::move(*lock)};
}

std::optional<SpooledDump> Spool::read(const SpoolClaim& claim) {
    try {
        return parse_record(read_all(claim.lock, kMaxRecordBytes, claim.path));
    } catch (const StorageError& error) {
        if (error.code() == std::errc::file_too_large) return std::nullopt;
        throw;
    }
}

void Spool::remove(const SpoolClaim& claim) noexcept {
    remove_file(claim.path);
}

void Spool::quarantine(const SpoolClaim& claim) const {
    ensure_folder(quarantine_);
    const auto target = quarantine_ / claim.path.filename();
    if (!rename_to_free(claim.path, target)) {
        rename_over(claim.path, target.string() + '.' + random_name());
    }
    sync_folder(quarantine_);
    sync_folder(folder_);
}

std::size_t Spool::waiting_of(const DeviceKey& device) const {
    const auto prefix = device.str() + '-';
    return static_cast<std::size_t>(std::ranges::count_if(
        names(), [&](const std::string& name) { return name.starts_with(prefix); }));
}

SpoolState Spool::state() const noexcept {
    const auto waiting = usage_of(folder_);
    return {waiting.files, waiting.bytes, usage_of(quarantine_).files};
}

}  // namespace coredepot::storage
