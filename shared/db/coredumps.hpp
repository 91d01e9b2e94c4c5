#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/upload_limit.hpp"

namespace coredepot::db {

/// A core dump whose file is on stable storage and whose row is still to be made.
struct NewCoredump {
    std::int64_t device_id = 0;
    DumpFilename filename;
    Chip chip;
    FirmwareVersion firmware_version;
    std::int64_t size = 0;  ///< bytes
    Timestamp uploaded_at;
};

struct StoredCoredump {
    std::int64_t id = 0;
    std::vector<DumpFilename> evicted;  ///< whose rows retention removed; their files are due
};

/// There is no such device any more.
struct DeviceGone {};
/// The device has uploaded as many as it may.
struct OverLimit {
    std::chrono::microseconds wait;  ///< until it may upload again
};
using StoreOutcome = std::variant<StoredCoredump, DeviceGone, OverLimit>;

/// The table `coredumps` as uploads and admins use it. All throw Unavailable.
class Coredumps {
  public:
    explicit Coredumps(Database& database) : database_(database) {}

    /// Inserts, and leaves the device with at most `keep` rows, in one round trip. When Unavailable
    /// is in doubt, the row may be there.
    StoreOutcome store(const NewCoredump& coredump, int keep, const UploadLimit& limit = {});

    /// Newest first.
    std::vector<CoredumpSummary> of_device(std::int64_t device_id);
    std::optional<CoredumpDetail> find(std::int64_t device_id, std::int64_t id);

    /// The name of its file; empty when the device has no such dump.
    std::optional<DumpFilename> remove(std::int64_t device_id, std::int64_t id);
    /// The names of their files.
    std::vector<DumpFilename> remove_all(std::int64_t device_id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
