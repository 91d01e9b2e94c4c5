#include "storage/firmware_store.hpp"

#include "os/durability.hpp"
#include "os/files.hpp"
#include "os/removal.hpp"
#include "os/storage_error.hpp"
#include "storage/disk_layout.hpp"
#include "storage/folder_walk.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

fs::path FirmwareStore::folder(const ModelCode& code) const {
    return root_ / code.str();
}

fs::path FirmwareStore::bundle_path(const ModelCode& code, const FirmwareVersion& version) const {
    return root_ / layout::bundle_path(code, version);
}

fs::path FirmwareStore::flat_path(const ModelCode& code) const {
    return root_ / layout::flat_image_name(code);
}

std::optional<os::Descriptor> FirmwareStore::open_bundle(const ModelCode& code,
                                                         const FirmwareVersion& version) const {
    return open(bundle_path(code, version));
}

std::optional<os::Descriptor> FirmwareStore::open_flat(const ModelCode& code) const {
    return open(flat_path(code));
}

std::optional<os::Descriptor> FirmwareStore::open(const fs::path& path) const {
    auto file = os::open_existing(path);
    if (!file) os::require_folder(root_);
    return file;
}

os::FileLock FirmwareStore::lock(const ModelCode& code) const {
    // As long as the database has with somebody else's lock of the model's row.
    constexpr std::chrono::seconds kPatience{10};
    return {root_ / layout::model_lock_name(code), kPatience};
}

Replacement FirmwareStore::prepare_bundle(const ModelCode& code, const FirmwareVersion& version,
                                          std::string_view bundle, std::string_view image) const {
    os::ensure_folder(folder(code));
    Replacement replacement;
    replacement.prepare(bundle_path(code, version), bundle);
    replacement.prepare(flat_path(code), image);
    return replacement;
}

Replacement FirmwareStore::prepare_flat(const ModelCode& code, const FirmwareVersion& version,
                                        std::string_view image) const {
    os::ensure_folder(folder(code));
    Replacement replacement;
    replacement.prepare(flat_path(code), image);
    replacement.prepare_removal(bundle_path(code, version));
    return replacement;
}

void FirmwareStore::remove_model(const ModelCode& code) const noexcept {
    os::remove_tree(folder(code));
    os::remove_file(flat_path(code));
}

void FirmwareStore::remove_if_empty(const ModelCode& code) const noexcept {
    remove_empty_folder(folder(code));
}

}  // namespace coredepot::storage
