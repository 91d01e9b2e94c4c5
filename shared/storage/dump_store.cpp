#include "storage/dump_store.hpp"

#include <array>
#include <chrono>
#include <thread>

#include "domain/coredump.hpp"
#include "os/attributes.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"
#include "storage/dump_label.hpp"
#include "storage/folder_walk.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

/// Between taking a name and moving away from it, an upload makes two system calls.
constexpr std::chrono::milliseconds kTimeToMoveAway{500};

constexpr std::string_view kDescriptionSuffix = ".json";

/// The core dump's suffix is replaced, or kept. Which of the two the predecessor's `{name}` is
/// depends on its users' folders.
std::array<fs::path, 2> descriptions_of(const fs::path& dump) {
    auto instead = dump;
    auto behind = dump;
    return {instead.replace_extension(kDescriptionSuffix), behind += kDescriptionSuffix};
}

}  // namespace

fs::path DumpStore::folder(const DeviceKey& device) const {
    return root_ / device.str();
}

fs::path DumpStore::path(const DeviceKey& device, const DumpFilename& filename) const {
    return folder(device) / filename.str();
}

std::string DumpStore::relative_path(const DeviceKey& device, const DumpFilename& filename) {
    return layout::dump_path(device, filename);
}

StoredDump DumpStore::store(const DeviceKey& device, Timestamp at, std::string_view bytes,
                            const DumpLabel& label, const Waits& waits) const {
    return put(device, at, bytes, label, waits,
               [](const fs::path& /*taken*/) { return Owner::Other; });
}

StoredDump DumpStore::store_again(const DeviceKey& device, Timestamp at, std::string_view bytes,
                                  const DumpLabel& label) const {
    const auto patience_ends = std::chrono::steady_clock::now() + kTimeToMoveAway;
    return put(device, at, bytes, label, {}, [&](const fs::path& taken) {
        if (os::read_file(taken, kMaxCoredumpBytes) == bytes) return Owner::Same;
        if (std::chrono::steady_clock::now() >= patience_ends) return Owner::Other;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return Owner::Leaving;
    });
}

StoredDump DumpStore::put(const DeviceKey& device, Timestamp at, std::string_view bytes,
                          const DumpLabel& label, const Waits& waits,
                          const std::function<Owner(const fs::path&)>& owner_of) const {
    os::ensure_folder(folder(device));
    // In the same folder, so that renaming stays within one file system.
    const auto temporary = layout::unfinished_upload(folder(device));
    const auto file = os::create_file(temporary);
    std::optional<fs::path> named;
    try {
        os::write_all(file, bytes, temporary);
        // We accept a core dump even if it cannot be labelled.
        const bool is_labelled =
            os::write_attribute(file, layout::kLabelAttribute, to_text(label), temporary);
        // If the label can tell whether the bytes are whole, give the file its name before the
        // sync. Syncing a new file also writes its name, so the folder's sync then has nothing to
        // do.
        bool synced = !is_labelled || !label.sha256_start;
        if (synced) os::sync_file(file, temporary);
        while (true) {
            const auto target = path(device, dump_filename(at));
            bool placed = os::rename_to_free(temporary, target);
            if (placed) {
                named = target;
                if (waits && waits(at)) {
                    os::rename_over(target, temporary);
                    named.reset();
                    placed = false;
                }
            } else if (const auto owner = owner_of(target); owner == Owner::Leaving) {
                continue;
            } else if (owner == Owner::Same) {
                // The file that is there may be whole and have a row, so it stays. Put the new one
                // in its place: an orphan of that age may be about to be swept.
                if (!synced) os::sync_file(file, temporary);
                synced = true;
                os::rename_over(temporary, target);
                placed = true;
            }
            if (placed) {
                if (!synced) os::sync_file(file, target);
                os::sync_folder(folder(device));
                return {dump_filename(at), at};
            }
            at += std::chrono::microseconds(1);
        }
    } catch (...) {
        os::remove_file(named.value_or(temporary));
        throw;
    }
}

std::optional<std::string> DumpStore::read(const DeviceKey& device,
                                           const DumpFilename& filename) const {
    auto bytes = os::read_file(path(device, filename), kMaxCoredumpBytes);
    if (!bytes) os::require_folder(root_);
    return bytes;
}

bool DumpStore::exists(const DeviceKey& device, const DumpFilename& filename) const {
    std::error_code error;
    if (fs::is_regular_file(path(device, filename), error)) return true;
    os::require_folder(root_);
    return false;
}

std::optional<DumpFilename> DumpStore::find(
    const DeviceKey& device, std::string_view bytes,
    const std::function<bool(const std::optional<DumpLabel>&)>& fits) const {
    std::optional<DumpFilename> found;
    for_each_entry(folder(device), [&](const FolderEntry& entry) {
        const auto filename = DumpFilename::parse(entry.name);
        if (!filename || entry.kind != FolderEntry::Kind::File || entry.size != bytes.size())
            return;
        if (found && *found < *filename) return;
        if (!fits(label(device, *filename))) return;
        if (os::read_file(path(device, *filename), kMaxCoredumpBytes) == bytes) found = filename;
    });
    return found;
}

bool DumpStore::keeps_labels() const noexcept {
    return os::has_attributes(root_);
}

std::optional<DumpLabel> DumpStore::label(const DeviceKey& device,
                                          const DumpFilename& filename) const {
    const auto text =
        os::read_attribute(path(device, filename), layout::kLabelAttribute, kMaxLabel);
    return text ? parse_label(*text) : std::nullopt;
}

bool DumpStore::set_label(const DeviceKey& device, const DumpFilename& filename,
                          const DumpLabel& label, bool durably) const {
    const auto target = path(device, filename);
    const auto file = os::open_existing(target);
    if (!file || !os::write_attribute(*file, layout::kLabelAttribute, to_text(label), target))
        return false;
    if (durably) os::sync_file(*file, target);
    return true;
}

std::optional<DumpDescription> DumpStore::description(const DeviceKey& device,
                                                      const DumpFilename& filename) const {
    for (const auto& candidate : descriptions_of(path(device, filename))) {
        try {
            const auto text = os::read_file(candidate, kMaxDescription);
            if (!text) continue;
            if (auto description = parse_description(*text)) return description;
        } catch (const os::StorageError& error) {
            if (error.code() != std::errc::file_too_large) throw;
        }
    }
    return std::nullopt;
}

void DumpStore::remove_description(const DeviceKey& device,
                                   const DumpFilename& filename) const noexcept {
    for (const auto& candidate : descriptions_of(path(device, filename)))
        os::remove_file(candidate);
}

std::optional<DumpFilename> DumpStore::described_by(const std::string& name) {
    if (!name.ends_with(kDescriptionSuffix)) return std::nullopt;
    const auto stem = name.substr(0, name.size() - kDescriptionSuffix.size());
    if (auto whole = DumpFilename::parse(stem)) return whole;
    return DumpFilename::parse(stem + ".dmp");
}

bool DumpStore::has_folder(const DeviceKey& device) const noexcept {
    std::error_code error;
    return fs::is_directory(folder(device), error);
}

bool DumpStore::has_dumps() const noexcept {
    std::error_code error;
    for (fs::directory_iterator device(root_, error), none; !error && device != none;
         device.increment(error)) {
        if (!DeviceKey::parse(device->path().filename().native())) continue;
        std::error_code gone;
        for (fs::directory_iterator dump(device->path(), gone); !gone && dump != none;
             dump.increment(gone)) {
            if (DumpFilename::parse(dump->path().filename().native())) return true;
        }
    }
    return false;
}

bool DumpStore::remove(const DeviceKey& device, const DumpFilename& filename) const noexcept {
    return os::remove_file(path(device, filename));
}

bool DumpStore::make_durable(const DeviceKey& device, const DumpFilename& filename) const {
    const auto target = path(device, filename);
    const auto file = os::open_existing(target);
    if (!file) return false;
    os::sync_file(*file, target);
    os::sync_folder(folder(device));
    return true;
}

void DumpStore::sync() const noexcept {
    os::sync_file_system(root_);
}

void DumpStore::remove_device(const DeviceKey& device) const noexcept {
    os::remove_tree(folder(device));
}

std::optional<DumpStore> dump_store(const std::optional<fs::path>& root) {
    if (!root) return std::nullopt;
    return DumpStore(*root);
}

}  // namespace coredepot::storage
