#include "storage/firmware_store.hpp"

#include <cerrno>

#include <unistd.h>

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

os::FileStamp FirmwareStore::published(const ModelCode& code) const {
    return os::file_stamp(flat_path(code));
}

std::optional<os::Descriptor> FirmwareStore::open_kept(const ModelCode& code,
                                                       const std::string& elf_sha256) const {
    return open(root_ / layout::kept_bundle_path(code, elf_sha256));
}

std::optional<os::Descriptor> FirmwareStore::open(const fs::path& path) const {
    auto file = os::open_existing(path);
    if (!file) os::require_folder(root_);
    return file;
}

os::FileLock FirmwareStore::lock(const ModelCode& code) const {
    // As long as the database waits for somebody else's lock of the model's row.
    constexpr std::chrono::seconds kPatience{10};
    return {root_ / layout::model_lock_name(code), kPatience};
}

Replacement FirmwareStore::prepare_bundle(const ModelCode& code, const FirmwareVersion& version,
                                          std::string_view bundle, std::string_view image) const {
    return prepare(code, version, bundle, image);
}

Replacement FirmwareStore::prepare(const ModelCode& code, const FirmwareVersion& version,
                                   const std::optional<std::string_view>& bundle,
                                   const std::optional<std::string_view>& image) const {
    Replacement replacement;
    if (bundle) {
        os::ensure_folder(folder(code));
        replacement.prepare(bundle_path(code, version), *bundle);
    }
    if (image) replacement.prepare(flat_path(code), *image);
    return replacement;
}

Replacement FirmwareStore::prepare_kept(const ModelCode& code, const std::string& elf_sha256,
                                        std::string_view bundle) const {
    const auto kept = kept_path(code, elf_sha256);
    Replacement replacement;
    replacement.prepare(kept, bundle);
    return replacement;
}

/// Makes the folder, too.
fs::path FirmwareStore::kept_path(const ModelCode& code, const std::string& elf_sha256) const {
    auto kept = root_ / layout::kept_bundle_path(code, elf_sha256);
    os::ensure_folder(kept.parent_path().parent_path());
    os::ensure_folder(kept.parent_path());
    return kept;
}

Replacement FirmwareStore::prepare_flat(const ModelCode& code, const FirmwareVersion& version,
                                        std::string_view image) const {
    os::ensure_folder(folder(code));
    Replacement replacement;
    replacement.prepare(flat_path(code), image);
    replacement.prepare_removal(bundle_path(code, version));
    return replacement;
}

void FirmwareStore::keep_bundle(const ModelCode& code, const FirmwareVersion& version,
                                const std::string& elf_sha256) const {
    const auto bundle = bundle_path(code, version);
    const auto kept = kept_path(code, elf_sha256);
    // It may already be there: an upload was cut off at this point, or it was kept at an earlier
    // replacement.
    const bool linked = ::link(bundle.c_str(), kept.c_str()) == 0 || errno == EEXIST;
    if (linked) {
        os::sync_folder(kept.parent_path());
    } else if (errno != ENOENT) {
        throw os::StorageError("cannot keep a bundle as", kept);
    }
}

void FirmwareStore::remove_kept(const ModelCode& code,
                                const std::string& elf_sha256) const noexcept {
    os::remove_file(root_ / layout::kept_bundle_path(code, elf_sha256));
}

void FirmwareStore::remove_bundle(const ModelCode& code,
                                  const FirmwareVersion& version) const noexcept {
    os::remove_file(bundle_path(code, version));
}

void FirmwareStore::remove_flat(const ModelCode& code) const noexcept {
    os::remove_file(flat_path(code));
}

void FirmwareStore::remove_model(const ModelCode& code) const noexcept {
    os::remove_tree(folder(code));
    os::remove_tree(root_ / layout::replaced_folder(code));
    os::remove_file(flat_path(code));
}

void FirmwareStore::remove_if_empty(const ModelCode& code) const noexcept {
    remove_empty_folder(folder(code));
}

}  // namespace coredepot::storage
