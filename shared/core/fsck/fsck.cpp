#include "core/fsck/fsck.hpp"

#include "core/forgotten_database.hpp"
#include "log.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;
using storage::FolderEntry;

std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::FileWithoutRow:
            return "file without row";
        case Fault::FileOfDeleted:
            return "file of a deleted core dump";
        case Fault::CopyLeftByMove:
            return "copy left by a move";
        case Fault::FileOfExpired:
            return "file that had expired";
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
        case Fault::DroppedFirmware:
            return "dropped firmware";
        case Fault::WrongSums:
            return "wrong sums";
        case Fault::Foreign:
            break;
    }
    return "not ours";
}

Fsck::Fsck(Parts parts, FsckFolders folders, FsckOptions options)
    : parts_(std::move(parts)),
      folders_(std::move(folders)),
      options_(std::move(options)),
      dumps_(storage::dump_store(folders_.coredumps)),
      spool_(folders_.spool ? folders_.spool : folders_.coredumps),
      wake_ups_(storage::wake_ups(spool_)) {}

Fsck::Result Fsck::run() {
    result_ = {};
    removals_.clear();
    orphans_.clear();
    spooled_.clear();
    dump_files_ = 0;
    settled_ = false;
    oldest_in_progress_ = now() - options_.age;
    if (options_.repair && !options_.make_devices && dumps_ &&
        is_forgotten(parts_.devices, DumpFiles(*dumps_))) {
        throw ForgottenDatabase();
    }
    if (folders_.coredumps) check_coredumps(*folders_.coredumps);
    if (spool_ && spool_ != folders_.coredumps) {
        check_hidden(*spool_ / storage::layout::kSpool, Fault::SpooledForLong);
        check_hidden(*spool_ / storage::layout::kQuarantine, Fault::Quarantined);
    }
    if (folders_.transfer) check_transfer(*folders_.transfer);
    check_firmware(folders_.assets);
    check_waiting_for_firmware();
    // Before empty folders are removed.
    if (folders_.coredumps) settle_orphans(*folders_.coredumps);
    release_spooled();
    carry_out_removals();
    if (folders_.coredumps && options_.repair && options_.forget_deletions) {
        forget_deletions(*folders_.coredumps);
    }
    // Last, because it takes longest and nothing gets lost meanwhile.
    check_sums();
    return result_;
}

void Fsck::check_transfer(const fs::path& root) {
    look(root, [&](const FolderEntry& entry) {
        // Caches belong to other code.
        if (entry.kind != FolderEntry::Kind::File || storage::layout::is_hidden(entry.name)) return;
        if (is_old(entry)) remove_later(Fault::TransferLeftover, root / entry.name, entry);
    });
}

void Fsck::check_waiting_for_firmware() {
    const auto count = parts_.requeue.count_whose_firmware_arrived();
    if (count == 0) return;
    if (options_.repair) parts_.requeue.whose_firmware_arrived(std::nullopt);
    report(Fault::FirmwareNotNoticed, std::to_string(count) + " core dumps", options_.repair);
}

/// If one folder cannot be read, the others are still checked.
void Fsck::look(const fs::path& folder, const std::function<void(const FolderEntry&)>& see) {
    try {
        storage::for_each_entry(folder, see);
    } catch (const os::StorageError& error) {
        ++result_.failed;
        log::error("cannot look into a folder", {{"error", error.what()}});
    }
}

/// After the clock was set back, files in progress lie in the future. They are not old.
bool Fsck::is_old(const FolderEntry& entry) const {
    return entry.changed < oldest_in_progress_;
}

void Fsck::report(Fault fault, const std::string& what, bool repaired, const std::string& outcome) {
    ++(repaired ? result_.repaired : result_.left);
    parts_.report({fault, what, repaired, outcome});
}

void Fsck::remove_later(Fault fault, const fs::path& path, const FolderEntry& seen,
                        std::optional<DeviceKey> device) {
    if (!options_.repair) {
        report(fault, path);
    } else {
        removals_.push_back({fault, path.native(), seen, std::move(device)});
    }
}

/// Waits once. Afterwards, everything that was seen before has been there long enough.
void Fsck::settle_down() {
    if (!settled_) parts_.pause(options_.settle);
    settled_ = true;
}

void Fsck::carry_out_removals() {
    if (removals_.empty()) return;
    settle_down();
    for (const auto& removal : removals_) {
        if (removal.seen.kind == FolderEntry::Kind::Folder) {
            if (removal.device && is_device(*removal.device))
                continue;  // the device has been made meanwhile
            // If it is not empty, the reason has already been reported.
            const bool removed = storage::remove_empty_folder(removal.path);
            if (removed) report(removal.fault, removal.path, true);
            continue;
        }
        const auto entry = storage::entry_at(removal.path);
        if (!entry || entry->inode != removal.seen.inode ||
            entry->changed != removal.seen.changed) {
            continue;  // gone, or somebody is using it
        }
        report(removal.fault, removal.path, os::remove_file(removal.path));
    }
}

bool Fsck::is_device(const DeviceKey& key) {
    return parts_.inventory.coredumps_of({key}).contains(key);
}

}  // namespace coredepot::core
