// fsck of COREDUMPS_DIR.

#include <set>

#include "core/fsck.hpp"
#include "storage/dump_store.hpp"
#include "storage/files.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;
using storage::FolderEntry;

namespace {

/// Folders that are compared with the rows in one query.
constexpr std::size_t kPortion = 500;

/// What is written and not yet accepted.
constexpr std::string_view kUpload = ".upload-";

/// mkfs(8) makes it at the root of a file system.
constexpr std::string_view kLostAndFound = "lost+found";

}  // namespace

void Fsck::check_coredumps(const fs::path& root) {
    std::vector<Listing> listings;
    look(root, [&](const FolderEntry& entry) {
        const auto device = DeviceKey::parse(entry.name);
        if (entry.kind == FolderEntry::Kind::Folder && device) {
            listings.push_back({*device, entry, {}});
            if (listings.size() == kPortion) check_listings(root, listings);
        } else if (entry.name == ".quarantine") {
            check_hidden(root / entry.name, Fault::Quarantined);
        } else if (entry.name == kLostAndFound || entry.name == storage::DumpStore::kParseWanted) {
            return;
        } else if (entry.name.starts_with('.')) {
            check_hidden(root / entry.name, Fault::SpooledForLong);
        } else {
            report(Fault::Foreign, root / entry.name);
        }
    });
    check_listings(root, listings);
    check_devices_without_folder(root);
}

void Fsck::check_listings(const fs::path& root, std::vector<Listing>& listings) {
    std::vector<DeviceKey> devices;
    // The files before the rows: a file's row follows it, so one that has none now never had.
    for (auto& listing : listings) {
        devices.push_back(listing.device);
        look(root / listing.device.str(),
             [&](const FolderEntry& entry) { listing.entries.push_back(entry); });
    }
    const auto rows = parts_.inventory.coredumps_of(devices);
    for (const auto& listing : listings) {
        const auto of_device = rows.find(listing.device);
        check_listing(root, listing, of_device == rows.end() ? nullptr : &of_device->second);
    }
    listings.clear();
}

/// `rows`: null when there is no such device.
void Fsck::check_listing(const fs::path& root, const Listing& listing,
                         const db::Inventory::Filenames* rows) {
    const auto folder = root / listing.device.str();
    std::set<DumpFilename> files;
    for (const auto& entry : listing.entries) {
        const auto path = folder / entry.name;
        const auto filename = DumpFilename::parse(entry.name);
        if (filename && entry.kind == FolderEntry::Kind::File) {
            ++dump_files_;
            files.insert(*filename);
            if (rows != nullptr && rows->contains(*filename)) continue;
            // The name has the server's time in it, which is one more clock to ask.
            const auto youngest = "coredump_" + to_compact(oldest_in_progress_);
            if (!is_old(entry) || entry.name > youngest) continue;
            remove_later(Fault::FileWithoutRow, path, entry, listing.device);
        } else if (entry.name.starts_with(kUpload)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedUpload, path, entry);
        } else {
            report(Fault::Foreign, path);
        }
    }
    if (rows == nullptr) {
        if (is_old(listing.folder)) {
            remove_later(Fault::FolderWithoutDevice, folder, listing.folder, listing.device);
        }
        return;
    }
    std::vector<DumpFilename> missing;
    for (const auto& filename : *rows) {
        if (!files.contains(filename)) missing.push_back(filename);
    }
    check_rows(root, listing.device, missing);
}

/// A row goes before its file does: one that is still there after its file was not is without one.
void Fsck::check_rows(const fs::path& root, const DeviceKey& device,
                      const std::vector<DumpFilename>& missing) {
    std::vector<DumpFilename> gone;
    for (const auto& filename : missing) {
        if (!storage::entry_at(root / device.str() / filename.str())) gone.push_back(filename);
    }
    if (gone.empty()) return;
    const auto rows = parts_.inventory.coredumps_of({device});
    const auto of_device = rows.find(device);
    if (of_device == rows.end()) return;
    for (const auto& filename : gone) {
        if (!of_device->second.contains(filename)) continue;
        report(Fault::RowWithoutFile, root / device.str() / filename.str());
    }
}

void Fsck::check_devices_without_folder(const fs::path& root) {
    std::string after;
    while (true) {
        const auto devices = parts_.inventory.devices_with_coredumps(after);
        if (devices.empty()) return;
        for (const auto& device : devices) {
            if (storage::entry_at(root / device.str())) continue;  // looked at already
            const auto rows = parts_.inventory.coredumps_of({device});
            const auto of_device = rows.find(device);
            if (of_device == rows.end()) continue;
            check_rows(root, device, {of_device->second.begin(), of_device->second.end()});
        }
        after = devices.back().str();
    }
}

/// Accepted core dumps whose rows are still to be made are nobody's to remove. In quarantine for
/// whatever time, elsewhere when that takes longer than it should.
void Fsck::check_hidden(const fs::path& folder, Fault fault) {
    look(folder, [&](const FolderEntry& entry) {
        if (entry.kind == FolderEntry::Kind::Folder) {
            check_hidden(folder / entry.name, fault);
        } else if (entry.name.starts_with(kUpload)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedUpload, folder / entry.name, entry);
        } else if (fault == Fault::Quarantined || is_old(entry)) {
            report(fault, folder / entry.name);
        }
    });
}

}  // namespace coredepot::core
