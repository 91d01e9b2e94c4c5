#include "storage/dump_store.hpp"

#include "domain/coredump.hpp"
#include "storage/files.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

fs::path DumpStore::folder(const DeviceKey& device) const {
    return root_ / device.str();
}

fs::path DumpStore::path(const DeviceKey& device, const DumpFilename& filename) const {
    return folder(device) / filename.str();
}

std::string DumpStore::relative_path(const DeviceKey& device, const DumpFilename& filename) {
    return device.str() + '/' + filename.str();
}

StoredDump DumpStore::store(const DeviceKey& device, Timestamp at, std::string_view bytes) const {
    return put(device, at, bytes, [](const fs::path& /*taken*/) { return false; });
}

StoredDump DumpStore::store_again(const DeviceKey& device, Timestamp at,
                                  std::string_view bytes) const {
    return put(device, at, bytes,
               [&](const fs::path& taken) { return read_file(taken, kMaxCoredumpBytes) == bytes; });
}

StoredDump DumpStore::put(const DeviceKey& device, Timestamp at, std::string_view bytes,
                          const std::function<bool(const fs::path&)>& is_the_same) const {
    ensure_folder(folder(device));
    // The same folder, so that the rename is one on one file system; a leading dot, so that no
    // listing takes it for a core dump.
    const auto temporary = folder(device) / (".upload-" + random_name());
    write_durably(temporary, bytes);
    std::optional<fs::path> named;
    try {
        while (true) {
            const auto target = path(device, dump_filename(at));
            bool placed = rename_to_free(temporary, target);
            if (placed) {
                named = target;
            } else if (is_the_same(target)) {
                // Not left as it is: an orphan as old as that may be about to be swept.
                rename_over(temporary, target);
                placed = true;
            }
            if (placed) {
                sync_folder(folder(device));
                return {dump_filename(at), at};
            }
            at += std::chrono::microseconds(1);
        }
    } catch (...) {
        remove_file(named.value_or(temporary));
        throw;
    }
}

std::optional<std::string> DumpStore::read(const DeviceKey& device,
                                           const DumpFilename& filename) const {
    auto bytes = read_file(path(device, filename), kMaxCoredumpBytes);
    if (!bytes) require_folder(root_);
    return bytes;
}

bool DumpStore::exists(const DeviceKey& device, const DumpFilename& filename) const {
    std::error_code error;
    if (fs::is_regular_file(path(device, filename), error)) return true;
    require_folder(root_);
    return false;
}

void DumpStore::remove(const DeviceKey& device, const DumpFilename& filename) const noexcept {
    remove_file(path(device, filename));
}

void DumpStore::remove_device(const DeviceKey& device) const noexcept {
    remove_tree(folder(device));
}

void DumpStore::want_parse() const noexcept {
    touch(root_ / kParseWanted);
}

bool DumpStore::take_parse_wanted() const noexcept {
    const auto file = root_ / kParseWanted;
    std::error_code error;
    return fs::exists(fs::symlink_status(file, error)) && remove_file(file);
}

std::optional<DumpStore> dump_store(const std::optional<fs::path>& root) {
    if (!root) return std::nullopt;
    return DumpStore(*root);
}

}  // namespace coredepot::storage
