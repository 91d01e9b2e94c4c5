#include "storage/spool_parts.hpp"

#include <algorithm>
#include <cerrno>
#include <set>

#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"
#include "storage/disk_layout.hpp"
#include "storage/folder_walk.hpp"
#include "text/hex.hpp"
#include "text/integers.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPartDigits = 3;
constexpr std::size_t kParts = 4096;
/// The files beside the parts; they are counted like a part.
constexpr std::size_t kUnsorted = kParts;
constexpr std::size_t kCounted = kParts + 1;

std::optional<std::size_t> part_named(const std::string& name) {
    if (name.size() != kPartDigits) return std::nullopt;
    return parse_integer<std::size_t>(name, 16);
}

/// The names in a folder, without those that begin with a dot (unfinished files and links). None
/// when there is no such folder.
std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        auto name = entry->path().filename().string();
        if (!layout::is_hidden(name)) names.push_back(std::move(name));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        errno = error.value();
        throw os::StorageError("cannot list", folder);
    }
    return names;
}

FolderUsage usage_of(const fs::path& folder) {
    FolderUsage usage;
    for_each_entry(folder, [&](const FolderEntry& entry) {
        if (entry.kind != FolderEntry::Kind::File || layout::is_hidden(entry.name)) return;
        ++usage.files;
        usage.bytes += entry.on_disk;
    });
    return usage;
}

}  // namespace

SpoolParts::SpoolParts(const fs::path& coredumps_dir)
    : folder_(coredumps_dir / layout::kSpool),
      quarantine_(coredumps_dir / layout::kQuarantine),
      totals_(coredumps_dir / layout::kSpoolTotals) {}

std::string SpoolParts::device_of(const std::string& name) {
    return name.substr(0, name.find('-'));
}

fs::path SpoolParts::path_of(const std::string& name) const {
    return folder_ / sha256_hex(device_of(name)).substr(0, kPartDigits) / name;
}

fs::path SpoolParts::folder_of(std::size_t part) const {
    if (part == kUnsorted) return folder_;
    const std::string bytes{static_cast<char>(part >> 8U), static_cast<char>(part & 0xffU)};
    return folder_ / to_hex(bytes).substr(1);
}

std::size_t SpoolParts::part_of(const fs::path& file) {
    return part_named(file.parent_path().filename()).value();
}

SpoolTotals SpoolParts::lock() const {
    return {totals_, kCounted, [&](std::size_t part) { return measure(part); }};
}

std::optional<SpoolTotals> SpoolParts::peek() const {
    return SpoolTotals::peek(totals_, kCounted);
}

FolderUsage SpoolParts::measure_all() const {
    FolderUsage all;
    for (std::size_t part = 0; part < kCounted; ++part) {
        const auto usage = measure(part);
        all.files += usage.files;
        all.bytes += usage.bytes;
    }
    return all;
}

FolderUsage SpoolParts::measure_quarantine() const {
    return usage_of(quarantine_);
}

Timestamp SpoolParts::quarantine_changed() const {
    const auto entry = entry_at(quarantine_);
    return entry ? entry->changed : Timestamp{};
}

FolderUsage SpoolParts::measure(std::size_t part) const {
    return usage_of(folder_of(part));
}

void SpoolParts::sync(const fs::path& part) const {
    try {
        os::sync_folder(part);
        os::sync_folder(folder_);
    } catch (const os::StorageError& error) {
        // It has its row by now, and its part is gone.
        if (error.code() != std::errc::no_such_file_or_directory) throw;
    }
}

SpoolTotals::Watched SpoolParts::quarantined(const SpoolTotals& totals) const {
    // A folder that changes twice in one tick of the kernel's clock looks unchanged.
    constexpr std::chrono::milliseconds kTick{20};
    const auto known = totals.quarantine();
    const auto now_changed = quarantine_changed();
    if (known.changed == now_changed) return known;
    const bool settled = now() - now_changed > kTick;
    return {settled ? now_changed : Timestamp::min(), measure_quarantine()};
}

void SpoolParts::prepare_import() const {
    measure_anew();
    sort_in();
}

/// Parts that no import reaches, for example while the database is away, are measured now and then.
/// That is rare, because it looks at every waiting file.
void SpoolParts::measure_anew() const {
    constexpr std::chrono::hours kSeldom{1};
    {
        auto totals = lock();
        const auto seen = quarantined(totals);
        if (seen.changed != totals.quarantine().changed) totals.set_quarantine(seen);
        const auto age = now() - totals.measured_at();
        if (age >= std::chrono::hours(0) && age < kSeldom) return;
        totals.set_measured_at(now());
    }
    // One at a time, so that nobody waits for long.
    for (std::size_t part = 0; part < kCounted; ++part) {
        auto totals = lock();
        totals.set(part, measure(part));
    }
}

void SpoolParts::sort_in() const {
    constexpr std::size_t kAtOnce = 500;
    while (true) {
        std::vector<std::string> names;
        std::error_code error;
        for (fs::directory_iterator entry(folder_, error), end;
             !error && entry != end && names.size() < kAtOnce; entry.increment(error)) {
            auto name = entry->path().filename().string();
            if (!layout::is_hidden(name) && entry->is_regular_file(error)) {
                names.push_back(std::move(name));
            }
        }
        if (names.empty()) break;
        sort_in(names);
    }
    auto totals = lock();
    if (totals.of(kUnsorted).files > 0) totals.set(kUnsorted, measure(kUnsorted));
}

/// Renaming is atomic: after a power cut the file is in one place or the other.
void SpoolParts::sort_in(const std::vector<std::string>& names) const {
    auto totals = lock();
    for (const auto& name : names) {
        const auto entry = entry_at(folder_ / name);
        if (!entry) continue;
        auto target = path_of(name);
        const auto part = part_of(target);
        os::make_folder(target.parent_path());
        totals.add(part, entry->on_disk);
        if (!os::rename_to_free(folder_ / name, target)) {
            target.replace_filename(layout::other_spooled_name(name));
            os::rename_over(folder_ / name, target);
        }
        totals.subtract(kUnsorted, entry->on_disk);
    }
}

std::vector<std::size_t> SpoolParts::occupied() const {
    std::set<std::size_t> parts;
    for (const auto& name : names_in(folder_)) {
        if (const auto part = part_named(name)) parts.insert(*part);
    }
    const auto totals = lock();
    for (std::size_t part = 0; part < kParts; ++part) {
        if (totals.of(part) != FolderUsage{}) parts.insert(part);
    }
    return {parts.begin(), parts.end()};
}

std::vector<std::string> SpoolParts::names(std::size_t part) const {
    auto names = names_in(folder_of(part));
    std::ranges::sort(names);
    return names;
}

void SpoolParts::tidy(std::size_t part) const {
    auto totals = lock();
    const auto folder = folder_of(part);
    totals.set(part, measure(part));
    std::vector<fs::path> dangling;
    for_each_entry(folder, [&](const FolderEntry& entry) {
        std::error_code error;
        if (entry.kind == FolderEntry::Kind::Other && layout::is_hidden(entry.name) &&
            !fs::exists(folder / entry.name, error)) {
            dangling.push_back(folder / entry.name);
        }
    });
    for (const auto& link : dangling) os::remove_file(link);
    remove_empty_folder(folder);
}

}  // namespace coredepot::storage
