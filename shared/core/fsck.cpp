#include "core/fsck.hpp"

#include <algorithm>

#include "log.hpp"
#include "storage/files.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;
using storage::FolderEntry;

std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::FileWithoutRow:
            return "file without row";
        case Fault::UnfinishedUpload:
            return "unfinished upload";
        case Fault::FolderWithoutDevice:
            return "folder without device";
        case Fault::TransferLeftover:
            return "leftover in transfer";
        case Fault::UnfinishedFirmware:
            return "unfinished firmware";
        case Fault::FirmwareNotNoticed:
            return "firmware not noticed";
        case Fault::RowWithoutFile:
            return "row without file";
        case Fault::SpooledForLong:
            return "spooled for long";
        case Fault::Quarantined:
            return "in quarantine";
        case Fault::VersionWithoutBundle:
            return "version without bundle";
        case Fault::ImageMissing:
            return "image missing";
        case Fault::FirmwareWithoutRow:
            return "firmware without row";
        case Fault::Foreign:
            break;
    }
    return "not ours";
}

Fsck::Result Fsck::run() {
    result_ = {};
    removals_.clear();
    dump_files_ = 0;
    oldest_in_progress_ = now() - options_.age;
    if (folders_.coredumps) check_coredumps(*folders_.coredumps);
    if (folders_.transfer) check_transfer(*folders_.transfer);
    check_firmware(folders_.assets);
    check_waiting_for_firmware();
    carry_out_removals();
    return result_;
}

void Fsck::check_transfer(const fs::path& root) {
    look(root, [&](const FolderEntry& entry) {
        // Caches are their owners'.
        if (entry.kind != FolderEntry::Kind::File || entry.name.starts_with('.')) return;
        if (is_old(entry)) remove_later(Fault::TransferLeftover, root / entry.name, entry);
    });
}

void Fsck::check_waiting_for_firmware() {
    const auto count = parts_.requeue.count_whose_firmware_arrived();
    if (count == 0) return;
    if (options_.repair) parts_.requeue.whose_firmware_arrived(std::nullopt);
    report(Fault::FirmwareNotNoticed, std::to_string(count) + " core dumps", options_.repair);
}

/// A folder that cannot be looked at is no reason not to look at the others.
void Fsck::look(const fs::path& folder, const std::function<void(const FolderEntry&)>& see) {
    try {
        storage::for_each_entry(folder, see);
    } catch (const storage::StorageError& error) {
        ++result_.failed;
        log::error("cannot look into a folder", {{"error", error.what()}});
    }
}

/// By a clock that was set back, what is in progress is of the future, and not old.
bool Fsck::is_old(const FolderEntry& entry) const {
    return entry.changed < oldest_in_progress_;
}

void Fsck::report(Fault fault, const std::string& what, bool repaired) {
    ++(repaired ? result_.repaired : result_.left);
    parts_.report({fault, what, repaired});
}

void Fsck::remove_later(Fault fault, const fs::path& path, const FolderEntry& seen,
                        std::optional<DeviceKey> device) {
    if (!options_.repair) {
        report(fault, path);
    } else {
        removals_.push_back({fault, path.native(), seen, std::move(device)});
    }
}

void Fsck::carry_out_removals() {
    if (removals_.empty()) return;
    parts_.pause(options_.settle);
    const bool suspicious = looks_like_another_database();
    for (const auto& removal : removals_) {
        if (suspicious && removal.fault == Fault::FileWithoutRow) {
            report(removal.fault, removal.path);
            continue;
        }
        if (removal.device && !still_unnamed(removal)) continue;
        if (removal.seen.kind == FolderEntry::Kind::Folder) {
            // What kept it from being empty has been reported.
            const bool removed = storage::remove_empty_folder(removal.path);
            if (removed) report(removal.fault, removal.path, true);
            continue;
        }
        const auto entry = storage::entry_at(removal.path);
        if (!entry || entry->inode != removal.seen.inode ||
            entry->changed != removal.seen.changed) {
            continue;  // gone, or somebody is at it
        }
        report(removal.fault, removal.path, storage::remove_file(removal.path));
    }
}

bool Fsck::looks_like_another_database() const {
    constexpr std::size_t kMany = 100;
    constexpr std::size_t kShare = 10;
    const auto unnamed = static_cast<std::size_t>(
        std::ranges::count(removals_, Fault::FileWithoutRow, &Removal::fault));
    if (options_.force || unnamed <= kMany || unnamed <= dump_files_ / kShare) return false;
    log::error(
        "so many files have no row that this may be the wrong database, or an old state of it; "
        "none is removed without --force",
        {{"without_row", unnamed}, {"of", dump_files_}});
    return true;
}

/// The row may have been committed since.
bool Fsck::still_unnamed(const Removal& removal) {
    const auto rows = parts_.inventory.coredumps_of({*removal.device});
    const auto device = rows.find(*removal.device);
    if (device == rows.end()) return true;
    if (removal.fault == Fault::FolderWithoutDevice) return false;
    const auto filename = DumpFilename::parse(removal.seen.name);
    return !filename || !device->second.contains(*filename);
}

}  // namespace coredepot::core
