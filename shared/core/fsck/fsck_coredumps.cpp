// fsck of COREDUMPS_DIR.

#include <algorithm>
#include <set>

#include "core/fsck/fsck.hpp"
#include "log.hpp"
#include "storage/disk_layout.hpp"
#include "storage/dump_store.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;
namespace layout = storage::layout;
using storage::FolderEntry;
using File = db::Inventory::File;
using Files = db::Inventory::Files;

namespace {

/// How many folders are compared with the rows in one query.
constexpr std::size_t kPortion = 500;

/// Whether the entry is the predecessor's description of a core dump that is also there.
bool describes_another(const std::vector<FolderEntry>& entries, const FolderEntry& entry) {
    const auto dump = storage::DumpStore::described_by(entry.name);
    return dump && entry.kind == FolderEntry::Kind::File &&
           std::ranges::any_of(entries,
                               [&](const FolderEntry& other) { return other.name == dump->str(); });
}

}  // namespace

void Fsck::check_coredumps(const fs::path& root) {
    std::vector<Listing> listings;
    keeps_labels_ = dumps_->keeps_labels();
    labelled_ = 0;
    look(root, [&](const FolderEntry& entry) {
        const auto device = DeviceKey::parse(entry.name);
        if (entry.kind == FolderEntry::Kind::Folder && device) {
            listings.push_back({*device, entry, {}});
            if (listings.size() == kPortion) check_listings(root, listings);
        } else if (entry.name == layout::kQuarantine) {
            check_hidden(root / entry.name, Fault::Quarantined);
        } else if (entry.name == layout::kLostAndFound || entry.name == layout::kParseWanted ||
                   entry.name == layout::kAlertsWanted || entry.name == layout::kStoreId) {
            return;
        } else if (layout::is_hidden(entry.name)) {
            check_hidden(root / entry.name, Fault::SpooledForLong);
        } else {
            report(Fault::Foreign, root / entry.name);
        }
    });
    check_listings(root, listings);
    check_devices_without_folder(root);
    if (labelled_ > 0) log::info("labelled core dumps by their rows", {{"files", labelled_}});
}

void Fsck::check_listings(const fs::path& root, std::vector<Listing>& listings) {
    std::vector<DeviceKey> devices;
    // Read the files before the rows: a row is written after its file, so a file without a row now
    // never had one.
    for (auto& listing : listings) {
        devices.push_back(listing.device);
        look(root / listing.device.str(),
             [&](const FolderEntry& entry) { listing.entries.push_back(entry); });
    }
    const auto rows = parts_.inventory.coredumps_of(devices);
    MissingFiles missing;
    for (const auto& listing : listings) {
        const auto of_device = rows.find(listing.device);
        auto files =
            check_listing(root, listing, of_device == rows.end() ? nullptr : &of_device->second);
        if (!files.empty()) missing.emplace(listing.device, std::move(files));
    }
    check_rows(root, missing);
    if (!unlabelled_.empty()) label_those_without(devices);
    listings.clear();
}

/// Files of versions that wrote no labels, or from a backup without labels.
void Fsck::label_those_without(const std::vector<DeviceKey>& devices) {
    const auto labels = parts_.inventory.labels_of(devices);
    for (const auto& [device, filename] : unlabelled_) {
        const auto of_device = labels.find(device);
        if (of_device == labels.end()) continue;
        const auto label = of_device->second.find(filename);
        if (label == of_device->second.end()) continue;
        // Not worth a sync each: if a power cut takes a label, the next run writes it again.
        if (dumps_->set_label(device, filename, label->second, false)) ++labelled_;
    }
    unlabelled_.clear();
}

/// `rows` is null when there is no such device. Returns the files that rows name and the folder
/// lacks.
std::vector<DumpFilename> Fsck::check_listing(const fs::path& root, const Listing& listing,
                                              const db::Inventory::Files* rows) {
    const auto folder = root / listing.device.str();
    std::set<DumpFilename> files;
    for (const auto& entry : listing.entries) {
        const auto path = folder / entry.name;
        const auto filename = DumpFilename::parse(entry.name);
        if (filename && entry.kind == FolderEntry::Kind::File) {
            ++dump_files_;
            if (options_.progress) options_.progress(dump_files_);
            files.insert(*filename);
            const auto row = rows == nullptr ? Files::const_iterator() : rows->find(*filename);
            if (rows != nullptr && row != rows->end()) {
                if (row->second == File::Expired) {
                    remove_later(Fault::FileOfExpired, path, entry);
                    continue;
                }
                const bool labels = options_.repair && keeps_labels_;
                if (labels && !dumps_->label(listing.device, *filename)) {
                    unlabelled_.emplace_back(listing.device, *filename);
                }
                continue;
            }
            // The name contains the server's time, which is another clock to check.
            const auto youngest = "coredump_" + to_compact(oldest_in_progress_);
            if (!is_old(entry) || entry.name > youngest) continue;
            orphans_.push_back(
                {listing.device, *filename, entry.inode, entry.changed, rows != nullptr, false});
        } else if (layout::is_unfinished_upload(entry.name)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedUpload, path, entry);
        } else if (!describes_another(listing.entries, entry)) {
            report(Fault::Foreign, path);
        }
    }
    if (rows == nullptr) {
        if (is_old(listing.folder)) {
            remove_later(Fault::FolderWithoutDevice, folder, listing.folder, listing.device);
        }
        return {};
    }
    std::vector<DumpFilename> missing;
    for (const auto& [filename, file] : *rows) {
        if (file == File::Kept && !files.contains(filename)) missing.push_back(filename);
    }
    return missing;
}

/// A row is removed, or says that its file has expired, before the file goes. So if it is still
/// there and does not say so after the file was found missing, the file is lost.
void Fsck::check_rows(const fs::path& root, const MissingFiles& missing) {
    MissingFiles gone;
    std::vector<DeviceKey> devices;
    for (const auto& [device, filenames] : missing) {
        for (const auto& filename : filenames) {
            if (storage::entry_at(root / device.str() / filename.str())) continue;
            gone[device].push_back(filename);
        }
        if (gone.contains(device)) devices.push_back(device);
    }
    if (gone.empty()) return;
    const auto rows = parts_.inventory.coredumps_of(devices);
    for (const auto& [device, filenames] : gone) {
        const auto of_device = rows.find(device);
        if (of_device == rows.end()) continue;
        for (const auto& filename : filenames) {
            const auto row = of_device->second.find(filename);
            if (row == of_device->second.end() || row->second != File::Kept) continue;
            report(Fault::RowWithoutFile, root / device.str() / filename.str());
        }
    }
}

void Fsck::check_devices_without_folder(const fs::path& root) {
    std::string after;
    while (true) {
        auto devices = parts_.inventory.devices_with_coredumps(after);
        if (devices.empty()) return;
        after = devices.back().str();
        // Devices with a folder have already been checked. If there are no folders, for example
        // because a file system is not mounted, all devices are left.
        std::erase_if(devices, [&](const DeviceKey& device) {
            return storage::entry_at(root / device.str()).has_value();
        });
        if (devices.empty()) continue;
        MissingFiles missing;
        for (const auto& [device, files] : parts_.inventory.coredumps_of(devices)) {
            for (const auto& [filename, file] : files) {
                if (file == File::Kept) missing[device].push_back(filename);
            }
        }
        check_rows(root, missing);
    }
}

/// Nobody may remove accepted core dumps that do not have rows yet. Reports those in quarantine at
/// any age, and others when they wait too long.
void Fsck::check_hidden(const fs::path& folder, Fault fault) {
    look(folder, [&](const FolderEntry& entry) {
        if (entry.kind == FolderEntry::Kind::Folder) {
            check_hidden(folder / entry.name, fault);
        } else if (layout::is_unfinished_upload(entry.name)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedUpload, folder / entry.name, entry);
        } else if (layout::is_hidden(entry.name)) {
            return;  // the spool's own files
        } else if (const auto dump = storage::QuarantinedDump::parse(entry.name);
                   dump && fault == Fault::Quarantined && options_.repair) {
            orphans_.push_back(
                {dump->device, dump->filename, entry.inode, entry.changed, false, true});
        } else if (fault == Fault::Quarantined && options_.repair &&
                   entry.name.ends_with(layout::kSpoolSuffix)) {
            spooled_.push_back(folder / entry.name);
        } else if (fault == Fault::Quarantined || is_old(entry)) {
            report(fault, folder / entry.name);
        }
    });
}

}  // namespace coredepot::core
