#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "domain/names.hpp"
#include "os/file_identity.hpp"
#include "os/file_lock.hpp"
#include "storage/replacement.hpp"

namespace coredepot::storage {

/// The bundles, `ASSETS_DIR/{code}/firmware-{version}.zip`, one per version, and the flat
/// `ASSETS_DIR/firmware-{code}.bin`, the model's current image, as older installations have it.
/// When another build of a version replaces a bundle, the old bundle may be kept for its ELF.
class FirmwareStore {
  public:
    explicit FirmwareStore(std::filesystem::path root) : root_(std::move(root)) {}

    /// Empty when there is no such file. Throws StorageError, and FolderGone when the whole store
    /// is gone.
    std::optional<os::Descriptor> open_bundle(const ModelCode& code,
                                              const FirmwareVersion& version) const;
    std::optional<os::Descriptor> open_flat(const ModelCode& code) const;
    /// The stamp of the flat image. Each upload replaces it, so a new stamp means new firmware for
    /// the model.
    os::FileStamp published(const ModelCode& code) const;
    /// Finds it by the SHA-256 of its ELF, 64 hex characters.
    std::optional<os::Descriptor> open_kept(const ModelCode& code,
                                            const std::string& elf_sha256) const;

    /// Hold this lock while you add or remove firmware of this model, so that rows and files come
    /// from the same upload and the same model: a new model may have a deleted one's code. Take it
    /// before you lock the model's row, and keep it until the files are final. Throws StorageError,
    /// with ETIMEDOUT when somebody else holds it for too long.
    os::FileLock lock(const ModelCode& code) const;

    /// Writes bundle and flat image. They are not visible yet.
    Replacement prepare_bundle(const ModelCode& code, const FirmwareVersion& version,
                               std::string_view bundle, std::string_view image) const;
    /// The same when only one of the two may be given.
    Replacement prepare(const ModelCode& code, const FirmwareVersion& version,
                        const std::optional<std::string_view>& bundle,
                        const std::optional<std::string_view>& image) const;
    /// A bundle to keep for its ELF.
    Replacement prepare_kept(const ModelCode& code, const std::string& elf_sha256,
                             std::string_view bundle) const;
    /// A plain image. It replaces a bundle of the same version, which holds another image.
    Replacement prepare_flat(const ModelCode& code, const FirmwareVersion& version,
                             std::string_view image) const;

    /// Makes sure that the bundle of `version`, whose ELF has this SHA-256, stays when it is
    /// replaced. Needs the model's lock. Does nothing when there is no bundle. Throws StorageError.
    void keep_bundle(const ModelCode& code, const FirmwareVersion& version,
                     const std::string& elf_sha256) const;
    /// Best effort and logged.
    void remove_kept(const ModelCode& code, const std::string& elf_sha256) const noexcept;

    /// Best effort and logged.
    void remove_bundle(const ModelCode& code, const FirmwareVersion& version) const noexcept;
    void remove_flat(const ModelCode& code) const noexcept;

    /// Removes all versions of the model and the flat image. Best effort and logged.
    void remove_model(const ModelCode& code) const noexcept;
    /// Removes the model's folder if it is empty.
    void remove_if_empty(const ModelCode& code) const noexcept;

  private:
    std::optional<os::Descriptor> open(const std::filesystem::path& path) const;
    std::filesystem::path folder(const ModelCode& code) const;
    std::filesystem::path bundle_path(const ModelCode& code, const FirmwareVersion& version) const;
    std::filesystem::path kept_path(const ModelCode& code, const std::string& elf_sha256) const;
    std::filesystem::path flat_path(const ModelCode& code) const;

    std::filesystem::path root_;
};

}  // namespace coredepot::storage
