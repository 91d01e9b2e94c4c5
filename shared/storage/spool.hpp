#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "os/descriptor.hpp"
#include "storage/spool_parts.hpp"
#include "storage/spool_record.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::storage {

/// What the spool holds.
struct SpoolState {
    FolderUsage waiting;
    FolderUsage quarantined;  ///< in addition: files that cannot become rows
    std::uint64_t bytes() const { return waiting.bytes + quarantined.bytes; }
};

/// A file of the spool that we hold exclusively until this object or this process ends.
struct SpoolClaim {
    std::filesystem::path path;
    os::Descriptor lock;
};

/// Where core dumps wait for the database:
/// `COREDUMPS_DIR/.spool/{xyz}/{device_key}-{moment}.spool`, one file each (spool_record.hpp), on
/// stable storage before it gets its name. The dot keeps the folder apart from devices' folders.
/// `xyz` is one of 4,096 parts: three hex characters, a hash of the device's key. So a device's
/// files are among few others, however many wait. A part exists while something is in it. Files
/// beside the parts, which an older version or a person put there, are sorted in by the next
/// import.
///
/// The life of a file: it is written under a name with a dot in front and renamed. Later one of any
/// number of parse-runners claims it with a lock, stores it like every core dump, records it and
/// removes it. If that is cut short anywhere, the file is still there and the next runner starts
/// again; storing and recording the same core dump twice does no harm. A file that cannot become a
/// row moves to `COREDUMPS_DIR/.quarantine/` under the same name. Put back by hand, it is tried
/// again.
///
/// `COREDUMPS_DIR/.spool-totals` knows how much there is (SpoolTotals). Files come and go under its
/// lock. So an upload costs the same whether none or a million wait, and so does state().
class Spool {
  public:
    /// `max_bytes`: the disk space for waiting and quarantined files together, so that quarantine
    /// always has room for what waits. `deduplicate`: a core dump with the same bytes is a repeat
    /// even without an idempotency key.
    Spool(std::filesystem::path coredumps_dir, std::uint64_t max_bytes, bool deduplicate = false);

    /// Stores a core dump under the first free moment at or after its own: no other core dump of
    /// its device may have that moment, here or in its final folder. Returns the moment; for a
    /// repeat of one that waits, the first one's. Throws StorageError, also when there is no room
    /// (EDQUOT), and then leaves nothing behind.
    Timestamp store(UploadedDump dump) const;
    /// For a core dump whose file is already in its final place, and which may even have a row. Its
    /// moment stays.
    void store_unmoved(const UploadedDump& dump) const;
    /// Whether a core dump of this device waits with this moment. Whoever gives a file its final
    /// name must ask afterwards, because store() looks there only after it has stored: so at least
    /// one of two that take the same moment sees the other. An import waits for whoever moves away
    /// then (DumpStore::store_again()).
    bool has(const DeviceKey& device, Timestamp at) const noexcept;
    /// The moment of an earlier upload that still waits, with the same bytes and idempotency key.
    /// It is on stable storage. Throws StorageError.
    std::optional<Timestamp> find_repeated(const UploadedDump& dump) const;

    /// Calls `see` with the names of waiting files, each device's oldest first, until it returns
    /// false. Holds one part's names in memory. Files that arrive meanwhile may or may not be seen.
    /// Corrects the totals as it goes. Throws StorageError, and what `see` throws.
    void for_each(const std::function<bool(const std::string& name)>& see) const;
    /// Empty when the file is gone or another process has it. Throws StorageError.
    std::optional<SpoolClaim> claim(const std::string& name) const;
    /// Empty when the file is not a valid spool file. Throws StorageError.
    static std::optional<UploadedDump> read(const SpoolClaim& claim);

    /// Best effort and logged: a file that stays is only imported again.
    void remove(const SpoolClaim& claim) const noexcept;
    /// Throws StorageError.
    void quarantine(const SpoolClaim& claim) const;

    /// The content of the quarantined file of this name; empty when it is gone or not a valid spool
    /// file. Throws StorageError.
    std::optional<UploadedDump> quarantined(const std::string& name) const;
    /// Puts it back for the next import; false when it is gone or its place is taken. Throws
    /// StorageError.
    bool release(const std::string& name) const;

    /// How many core dumps of this device wait.
    std::size_t waiting_of(const DeviceKey& device) const;
    /// Leaves out what cannot be read. Writes nothing.
    SpoolState state() const noexcept;
    std::uint64_t max_bytes() const { return max_bytes_; }

  private:
    enum class Put : std::uint8_t { Stored, Taken, Repeated };
    enum class Moment : std::uint8_t { MayMove, Stays };

    bool is_taken(const UploadedDump& dump) const;
    bool is_placed(const UploadedDump& dump) const noexcept;
    Put put(const UploadedDump& dump, const std::string& name, Moment moment) const;
    void require_room(const SpoolTotals& totals, std::uint64_t bytes) const;
    std::vector<std::string> links(const UploadedDump& dump) const;
    void link(const UploadedDump& dump, const std::filesystem::path& target) const noexcept;

    std::filesystem::path root_;
    SpoolParts parts_;
    std::uint64_t max_bytes_;
    bool deduplicate_;
};

}  // namespace coredepot::storage
