// fsck of ASSETS_DIR.

#include <map>

#include "core/fsck/fsck.hpp"
#include "storage/disk_layout.hpp"
#include "storage/firmware_store.hpp"

namespace coredepot::core {

namespace fs = std::filesystem;
namespace layout = storage::layout;
using storage::FolderEntry;

void Fsck::check_firmware(const fs::path& root) {
    // Read the files before the rows, as with core dumps. There are at most thousands.
    std::vector<FolderEntry> entries;
    look(root, [&](const FolderEntry& entry) { entries.push_back(entry); });
    const auto models = parts_.inventory.models();
    for (const auto& entry : entries) {
        const auto path = root / entry.name;
        const bool is_folder = entry.kind == FolderEntry::Kind::Folder;
        const auto code =
            is_folder ? ModelCode::parse(entry.name) : layout::model_of_flat_image(entry.name);
        if (layout::is_unfinished_firmware(entry.name)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedFirmware, path, entry);
        } else if (layout::is_hidden(entry.name) || entry.name == layout::kLostAndFound) {
            continue;  // a cache, or the file system's own
        } else if (!code) {
            report(Fault::Foreign, path);
        } else if (!models.contains(*code) && is_old(entry)) {
            report(Fault::FirmwareWithoutRow, path);
        }
    }
    for (const auto& code : models) {
        check_model(root, code);
        check_replaced(root, code);
    }
}

void Fsck::check_model(const fs::path& root, const ModelCode& code) {
    std::vector<FolderEntry> entries;
    look(root / code.str(), [&](const FolderEntry& entry) { entries.push_back(entry); });
    std::map<FirmwareVersion, bool> bundled;
    const auto versions = parts_.inventory.versions_of(code);
    for (const auto& version : versions) bundled[version.version] = version.bundled;
    for (const auto& entry : entries) {
        const auto path = root / code.str() / entry.name;
        const auto version = layout::version_of_bundle(entry.name);
        if (layout::is_unfinished_firmware(entry.name)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedFirmware, path, entry);
        } else if (!version) {
            report(Fault::Foreign, path);
        } else if (!bundled.contains(*version) && is_old(entry)) {
            report(Fault::FirmwareWithoutRow, path);
        }
    }

    const storage::FirmwareStore store(root);
    std::vector<db::Inventory::Version> suspects;
    for (const auto& version : versions) {
        const bool lost = version.bundled && !store.open_bundle(code, version.version);
        if (lost || (version.current && !store.open_flat(code))) suspects.push_back(version);
    }
    if (suspects.empty()) return;
    // Rows are removed before files, so a file that is still there has none. Not if the model was
    // deleted.
    if (!parts_.inventory.models().contains(code)) return;
    for (const auto& version : suspects) {
        const auto what = code.str() + " version " + version.version.str();
        if (version.bundled && !store.open_bundle(code, version.version)) {
            report(Fault::VersionWithoutBundle, what);
        }
        if (version.current && !store.open_flat(code)) report(Fault::ImageMissing, what);
    }
}

void Fsck::check_replaced(const fs::path& root, const ModelCode& code) {
    const auto folder = root / layout::replaced_folder(code);
    std::vector<FolderEntry> entries;
    look(folder, [&](const FolderEntry& entry) { entries.push_back(entry); });
    const auto kept = parts_.inventory.kept_elves_of(code);
    for (const auto& entry : entries) {
        const auto elf = layout::elf_of_kept_bundle(entry.name);
        if (layout::is_unfinished_firmware(entry.name)) {
            if (is_old(entry)) remove_later(Fault::UnfinishedFirmware, folder / entry.name, entry);
        } else if (!elf) {
            report(Fault::Foreign, folder / entry.name);
        } else if (!kept.contains(*elf) && is_old(entry)) {
            report(Fault::FirmwareWithoutRow, folder / entry.name);
        }
    }
    const storage::FirmwareStore store(root);
    for (const auto& elf : kept) {
        if (store.open_kept(code, elf)) continue;
        // It may have been given up since, because rows are removed before files.
        if (!parts_.inventory.kept_elves_of(code).contains(elf)) continue;
        report(Fault::VersionWithoutBundle,
               code.str() + ", the replaced build whose ELF is " + elf);
    }
}

}  // namespace coredepot::core
