#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "domain/names.hpp"
#include "os/file_identity.hpp"
#include "os/file_lock.hpp"
#include "storage/replacement.hpp"

namespace coredepot::storage {

/// `ASSETS_DIR/{code}/firmware-{version}.zip`, one bundle a version, and the flat
/// `ASSETS_DIR/firmware-{code}.bin`, the model's current image as older set-ups have it. A bundle
/// that another build of its version replaces may be kept, for its ELF.
class FirmwareStore {
  public:
    explicit FirmwareStore(std::filesystem::path root) : root_(std::move(root)) {}

    /// Empty when there is no such file. Throws StorageError; FolderGone when the store is.
    std::optional<os::Descriptor> open_bundle(const ModelCode& code,
                                              const FirmwareVersion& version) const;
    std::optional<os::Descriptor> open_flat(const ModelCode& code) const;
    /// Of the flat image, which each upload replaces: another one, so was the model's firmware.
    os::FileStamp published(const ModelCode& code) const;
    /// By the SHA-256 of its ELF, 64 hex characters.
    std::optional<os::Descriptor> open_kept(const ModelCode& code,
                                            const std::string& elf_sha256) const;

    /// What puts firmware of this model in place, or away, has this lock meanwhile, so that rows
    /// and files are of the same upload and of the same model: a new one may have the code of a
    /// deleted one. Before the model's row is locked, and until the files are as they will be.
    /// Throws StorageError, ETIMEDOUT when somebody else has it for too long.
    os::FileLock lock(const ModelCode& code) const;

    /// Bundle and flat image, written but not visible yet.
    Replacement prepare_bundle(const ModelCode& code, const FirmwareVersion& version,
                               std::string_view bundle, std::string_view image) const;
    /// The same of what there is to put in place, which may be one of them.
    Replacement prepare(const ModelCode& code, const FirmwareVersion& version,
                        const std::optional<std::string_view>& bundle,
                        const std::optional<std::string_view>& image) const;
    /// A bundle that is kept for its ELF.
    Replacement prepare_kept(const ModelCode& code, const std::string& elf_sha256,
                             std::string_view bundle) const;
    /// A plain image: a bundle of the same version gives way, for it holds another image.
    Replacement prepare_flat(const ModelCode& code, const FirmwareVersion& version,
                             std::string_view image) const;

    /// Keeps the bundle of `version`, whose ELF has this SHA-256, also when it is replaced. Under
    /// the model's lock. Nothing when there is none. Throws StorageError.
    void keep_bundle(const ModelCode& code, const FirmwareVersion& version,
                     const std::string& elf_sha256) const;
    /// Best effort and logged.
    void remove_kept(const ModelCode& code, const std::string& elf_sha256) const noexcept;

    /// Best effort and logged.
    void remove_bundle(const ModelCode& code, const FirmwareVersion& version) const noexcept;
    void remove_flat(const ModelCode& code) const noexcept;

    /// Best effort and logged: all versions of the model, and the flat image.
    void remove_model(const ModelCode& code) const noexcept;
    /// The model's folder, if nothing is in it.
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
