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

/// What the spool holds at a moment.
struct SpoolState {
    FolderUsage waiting;
    FolderUsage quarantined;  ///< beside it: what nobody could do anything with
    std::uint64_t bytes() const { return waiting.bytes + quarantined.bytes; }
};

/// One file of the spool that is ours alone until this goes, or this process does.
struct SpoolClaim {
    std::filesystem::path path;
    os::Descriptor lock;
};

/// Where core dumps wait for the database:
/// `COREDUMPS_DIR/.spool/{xyz}/{device_key}-{moment}.spool`, one file each (spool_record.hpp), on
/// stable storage before its name is. The dot keeps the folder apart from those of devices. `xyz`
/// is one of 4,096 parts, three hex characters that the device's key is hashed to: a device's files
/// are among few others, however many wait. A part is there while something is in it. What lies
/// beside the parts, as all did once, and what was put back by hand does, is sorted in by the next
/// import.
///
/// A file's life: written under a name that begins with a dot, renamed, later claimed with a lock
/// by one parse-runner among any number, stored as any core dump is and recorded, removed. Wherever
/// that is cut short, the file is there and the next runner begins again: storing and recording the
/// same core dump twice comes to the same. What has no row to become goes to
/// `COREDUMPS_DIR/.quarantine/` under the same name; put back by hand, it is tried again.
///
/// How much there is, `COREDUMPS_DIR/.spool-totals` knows (SpoolTotals), under whose lock files
/// come and go. So an upload costs the same whether none or a million wait, and so does state().
class Spool {
  public:
    /// `max_bytes`: of the disk, for what waits and what is in quarantine together, so that there
    /// is always room in quarantine for what waits. `deduplicate`: a core dump of the same bytes is
    /// a repeat, also without an idempotency key.
    Spool(std::filesystem::path coredumps_dir, std::uint64_t max_bytes, bool deduplicate = false);

    /// Stores a core dump under the first moment at or after its own that no other one of its
    /// device has, neither here nor where it will go; returns that moment. Of one that waits
    /// already the moment is that of the first time. Throws StorageError, also when it has no room
    /// (EDQUOT), and leaves nothing behind then.
    Timestamp store(UploadedDump dump) const;
    /// One whose own file is in its place already, and whose row may be made: its moment stays.
    void store_unmoved(const UploadedDump& dump) const;
    /// The moment of an earlier upload of the same bytes under the same idempotency key that waits,
    /// on stable storage. Throws StorageError.
    std::optional<Timestamp> find_repeated(const UploadedDump& dump) const;

    /// Shows the names of what waits, of each device the oldest first, until `see` returns false.
    /// Holds those of one part in memory; what comes meanwhile may be seen or not. Sets right on
    /// the way what the totals have wrong. Throws StorageError, and what `see` does.
    void for_each(const std::function<bool(const std::string& name)>& see) const;
    /// Empty when the file is gone, or another process has it. Throws StorageError.
    std::optional<SpoolClaim> claim(const std::string& name) const;
    /// Empty when it is not what a spool's file should be. Throws StorageError.
    static std::optional<UploadedDump> read(const SpoolClaim& claim);

    /// Best effort and logged: what stays is only done again.
    void remove(const SpoolClaim& claim) const noexcept;
    /// Throws StorageError.
    void quarantine(const SpoolClaim& claim) const;

    /// What the quarantined file of this name holds; empty when it is gone, or is not what a
    /// spool's file should be. Throws StorageError.
    std::optional<UploadedDump> quarantined(const std::string& name) const;
    /// Puts it back, for the next import to sort in; false when it is gone, or another has its
    /// place. Throws StorageError.
    bool release(const std::string& name) const;

    /// How many files of this device wait.
    std::size_t waiting_of(const DeviceKey& device) const;
    /// What cannot be looked at is not counted. Writes nothing.
    SpoolState state() const noexcept;
    std::uint64_t max_bytes() const { return max_bytes_; }

  private:
    enum class Put : std::uint8_t { Stored, Taken, Repeated };

    bool is_taken(const UploadedDump& dump) const;
    Put put(const UploadedDump& dump, const std::string& name, bool may_be_repeat) const;
    void require_room(const SpoolTotals& totals, std::uint64_t bytes) const;
    std::vector<std::string> links(const UploadedDump& dump) const;
    void link(const UploadedDump& dump, const std::filesystem::path& target) const noexcept;

    std::filesystem::path root_;
    SpoolParts parts_;
    std::uint64_t max_bytes_;
    bool deduplicate_;
};

}  // namespace coredepot::storage
