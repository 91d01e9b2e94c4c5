#pragma once

#include <cstdint>
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

/// A stored core dump. Its name is the moment, to the microsecond, at which it was stored.
struct StoredDump {
    DumpFilename filename;
    Timestamp stored_at;
    std::optional<std::string> object = std::nullopt;  ///< see DumpFile
};

/// `COREDUMPS_DIR/{device_key}/coredump_YYYYMMDDTHHMMSS_ffffffZ.dmp`. Files are written once and
/// never change. Each has its label as an extended attribute, if the file system supports those.
///
/// Readers always see whole files. After a power cut, a file without a row may be torn, but only if
/// its label has its hash. All other files are whole even then.
class DumpStore {
  public:
    explicit DumpStore(std::filesystem::path root) : root_(std::move(root)) {}

    /// Whether a core dump of the device that waits elsewhere for its file has this moment.
    using Waits = std::function<bool(Timestamp)>;

    /// Stores the bytes under the first free name at or after `at`. When it returns, bytes and name
    /// are on stable storage. When it throws (StorageError), it leaves nothing behind. It asks
    /// `waits` when the file has its name (see Spool::has()).
    StoredDump store(const DeviceKey& device, Timestamp at, std::string_view bytes,
                     const DumpLabel& label, const Waits& waits = {}) const;

    /// The same, for bytes that a process may have stored at this very moment before it died. If
    /// so, they keep their name. If the name is another's, waits up to half a second: an upload
    /// that took it may just be asking its `waits`, and moves away. So a core dump that waits in
    /// the spool keeps the name that its device was told.
    StoredDump store_again(const DeviceKey& device, Timestamp at, std::string_view bytes,
                           const DumpLabel& label) const;

    /// Empty when the file is gone. Throws StorageError, and FolderGone when the whole store is
    /// gone.
    std::optional<std::string> read(const DeviceKey& device, const DumpFilename& filename) const;
    /// Throws FolderGone.
    bool exists(const DeviceKey& device, const DumpFilename& filename) const;

    /// The device's oldest core dump that has these very bytes and whose label `fits` (which gets
    /// an empty one when there is no label); empty when there is none. It looks at all of the
    /// device's files and reads those of this size. Throws StorageError.
    std::optional<DumpFilename> find(
        const DeviceKey& device, std::string_view bytes,
        const std::function<bool(const std::optional<DumpLabel>&)>& fits) const;

    /// Whether labels are stored. Without them, a core dump that loses its row has only its bytes
    /// to identify it.
    bool keeps_labels() const noexcept;
    /// Empty when the file or its label is missing. Throws StorageError.
    std::optional<DumpLabel> label(const DeviceKey& device, const DumpFilename& filename) const;
    /// Labels an existing file. Best effort and logged. With `durably`, the label is on stable
    /// storage when this returns.
    bool set_label(const DeviceKey& device, const DumpFilename& filename, const DumpLabel& label,
                   bool durably) const;

    /// The description that Coredepot's predecessor wrote beside it, if it is valid. Throws
    /// StorageError.
    std::optional<DumpDescription> description(const DeviceKey& device,
                                               const DumpFilename& filename) const;
    /// Call this when the label has the same facts. Best effort and logged.
    void remove_description(const DeviceKey& device, const DumpFilename& filename) const noexcept;
    /// The core dump that a file of this name describes; empty for other names.
    static std::optional<DumpFilename> described_by(const std::string& name);

    /// Whether a core dump of the device was ever stored here. Deleting the device ends that.
    bool has_folder(const DeviceKey& device) const noexcept;
    /// Whether there is the file of any core dump.
    bool has_dumps() const noexcept;

    /// When it returns, the file, its name and its label are on stable storage. False when the file
    /// is gone. Throws StorageError.
    bool make_durable(const DeviceKey& device, const DumpFilename& filename) const;

    /// Best effort and logged: the row is the truth, and the sweep finds a file that stays. False
    /// when it stays.
    bool remove(const DeviceKey& device, const DumpFilename& filename) const noexcept;
    /// Makes all removals so far durable. Best effort and logged.
    void sync() const noexcept;
    /// Removes the device's folder and everything in it.
    void remove_device(const DeviceKey& device) const noexcept;

    /// The path below the root, for the web server that sends the bytes.
    static std::string relative_path(const DeviceKey& device, const DumpFilename& filename);

  private:
    /// Whose the file is that has the name.
    enum class Owner : std::uint8_t { Same, Other, Leaving };
    /// `owner_of` says whether the file of that name may be replaced, stays, or is about to go.
    StoredDump put(const DeviceKey& device, Timestamp at, std::string_view bytes,
                   const DumpLabel& label, const Waits& waits,
                   const std::function<Owner(const std::filesystem::path&)>& owner_of) const;
    std::filesystem::path folder(const DeviceKey& device) const;
    std::filesystem::path path(const DeviceKey& device, const DumpFilename& filename) const;

    std::filesystem::path root_;
};

/// The configured store; empty when no folder is configured.
std::optional<DumpStore> dump_store(const std::optional<std::filesystem::path>& root);

}  // namespace coredepot::storage
