#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/dump_label.hpp"
#include "domain/names.hpp"
#include "domain/time.hpp"
#include "storage/dump_description.hpp"

namespace coredepot::storage {

/// A core dump that was put in its place: its name tells the moment, to the microsecond, that it
/// was stored at.
struct StoredDump {
    DumpFilename filename;
    Timestamp stored_at;
    std::optional<std::string> object = std::nullopt;  ///< see DumpFile
};

/// `COREDUMPS_DIR/{device_key}/coredump_YYYYMMDDTHHMMSS_ffffffZ.dmp`. Files are written once and
/// never changed. Each has its label as an extended attribute, where the file system has those.
///
/// A file is whole for whoever reads it. After a power cut one that has no row may be torn, if its
/// label tells its hash; any other is whole then, too.
class DumpStore {
  public:
    explicit DumpStore(std::filesystem::path root) : root_(std::move(root)) {}

    /// Stores under the first free name at or after `at`. When it returns, bytes and name are on
    /// stable storage; when it throws (StorageError), nothing is left behind.
    StoredDump store(const DeviceKey& device, Timestamp at, std::string_view bytes,
                     const DumpLabel& label) const;

    /// The same for bytes that may have been stored at this moment before, by a process that died
    /// over it: then they keep their name.
    StoredDump store_again(const DeviceKey& device, Timestamp at, std::string_view bytes,
                           const DumpLabel& label) const;

    /// Empty when the file is gone. Throws StorageError; FolderGone when the store is.
    std::optional<std::string> read(const DeviceKey& device, const DumpFilename& filename) const;
    /// Throws FolderGone.
    bool exists(const DeviceKey& device, const DumpFilename& filename) const;

    /// The device's oldest core dump of these very bytes whose label `fits` (empty: it has none);
    /// empty when there is none. Looks at each of the device's files, and reads those of this size.
    /// Throws StorageError.
    std::optional<DumpFilename> find(
        const DeviceKey& device, std::string_view bytes,
        const std::function<bool(const std::optional<DumpLabel>&)>& fits) const;

    /// Whether labels stay: without, a core dump whose row is lost has only its bytes to tell of
    /// it.
    bool keeps_labels() const noexcept;
    /// Empty when the file, or its label, is not there. Throws StorageError.
    std::optional<DumpLabel> label(const DeviceKey& device, const DumpFilename& filename) const;
    /// Of a file that is there. Best effort and logged; `durably`: on stable storage when it
    /// returns.
    bool set_label(const DeviceKey& device, const DumpFilename& filename, const DumpLabel& label,
                   bool durably) const;

    /// What Coredepot's predecessor wrote beside it, if that is as it should be. Throws
    /// StorageError.
    std::optional<DumpDescription> description(const DeviceKey& device,
                                               const DumpFilename& filename) const;
    /// When the label says the same. Best effort and logged.
    void remove_description(const DeviceKey& device, const DumpFilename& filename) const noexcept;
    /// The core dump that a file of this name would describe, if it is such a name.
    static std::optional<DumpFilename> described_by(const std::string& name);

    /// Whether a core dump of the device was stored here, and the device not deleted since.
    bool has_folder(const DeviceKey& device) const noexcept;
    /// Whether there is any core dump's file at all.
    bool has_dumps() const noexcept;

    /// The file, its name and its label are on stable storage when it returns. False when it is
    /// gone. Throws StorageError.
    bool make_durable(const DeviceKey& device, const DumpFilename& filename) const;

    /// Best effort and logged: the row is the truth, and the sweep finds what stays behind. False
    /// when it does.
    bool remove(const DeviceKey& device, const DumpFilename& filename) const noexcept;
    /// What was removed so far is gone for good. Best effort and logged.
    void sync() const noexcept;
    /// The device's folder and all that is in it.
    void remove_device(const DeviceKey& device) const noexcept;

    /// Below the root, for the web server that sends the bytes.
    static std::string relative_path(const DeviceKey& device, const DumpFilename& filename);

  private:
    /// `is_the_same`: whether the file of that name may be replaced.
    StoredDump put(const DeviceKey& device, Timestamp at, std::string_view bytes,
                   const DumpLabel& label,
                   const std::function<bool(const std::filesystem::path&)>& is_the_same) const;
    std::filesystem::path folder(const DeviceKey& device) const;
    std::filesystem::path path(const DeviceKey& device, const DumpFilename& filename) const;

    std::filesystem::path root_;
};

/// The store as configured: without a folder there is none.
std::optional<DumpStore> dump_store(const std::optional<std::filesystem::path>& root);

}  // namespace coredepot::storage
