#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/files.hpp"
#include "storage/spool_record.hpp"

namespace coredepot::storage {

/// What the spool holds at a moment.
struct SpoolState {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t quarantined = 0;  ///< files beside it that nobody could do anything with
};

/// One file of the spool that is ours alone until this goes, or this process does.
struct SpoolClaim {
    std::filesystem::path path;
    Descriptor lock;
};

/// Where core dumps wait for the database: `COREDUMPS_DIR/.spool/{device_key}-{moment}.spool`, one
/// file each (spool_record.hpp), on stable storage before its name is. The dot keeps the folder
/// apart from those of devices.
///
/// A file's life: written under a name that begins with a dot, renamed, later claimed with a lock
/// by one parse-runner among any number, stored as any core dump is and recorded, removed. Wherever
/// that is cut short, the file is there and the next runner begins again: storing and recording the
/// same core dump twice comes to the same. What has no row to become goes to
/// `COREDUMPS_DIR/.quarantine/` under the same name; put back by hand, it is tried again.
class Spool {
  public:
    /// `max_bytes`: of all its files together.
    Spool(std::filesystem::path coredumps_dir, std::uint64_t max_bytes);

    /// Stores a core dump under the first moment at or after its own that no other one of its
    /// device has, neither here nor where it will go; returns that moment. Throws StorageError,
    /// also when it has no room (EDQUOT), and leaves nothing behind then.
    Timestamp store(SpooledDump dump) const;
    /// One whose own file is in its place already, and whose row may be made: its moment stays.
    void store_unmoved(const SpooledDump& dump) const;

    /// Names of what waits, of each device the oldest first. Throws StorageError.
    std::vector<std::string> names() const;
    /// The key of the device that a file of this name is of, when it is one of ours.
    static std::string device_of(const std::string& name);
    /// Empty when the file is gone, or another process has it. Throws StorageError.
    std::optional<SpoolClaim> claim(const std::string& name) const;
    /// Empty when it is not what a spool's file should be. Throws StorageError.
    static std::optional<SpooledDump> read(const SpoolClaim& claim);

    /// Best effort and logged: what stays is only done again.
    static void remove(const SpoolClaim& claim) noexcept;
    /// Throws StorageError.
    void quarantine(const SpoolClaim& claim) const;

    /// How many files of this device wait.
    std::size_t waiting_of(const DeviceKey& device) const;
    /// What cannot be looked at is not counted.
    SpoolState state() const noexcept;
    std::uint64_t max_bytes() const { return max_bytes_; }

  private:
    bool is_taken(const SpooledDump& dump) const;
    bool put(const SpooledDump& dump, const std::filesystem::path& target) const;
    void require_room(std::uint64_t bytes) const;
    std::filesystem::path path(const SpooledDump& dump) const;

    std::filesystem::path root_;
    std::filesystem::path folder_;
    std::filesystem::path quarantine_;
    std::uint64_t max_bytes_;
};

}  // namespace coredepot::storage
