#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/page.hpp"
#include "domain/retention.hpp"
#include "domain/upload_limit.hpp"

namespace coredepot::db {

/// How a core dump comes to its row.
enum class Arrival : std::uint8_t {
    Now,   ///< it has just been uploaded: whatever the clocks say, nothing came after it
    Late,  ///< it was accepted at its `uploaded_at`, and others may have come in between
};

struct DeviceOfModel {
    DeviceKey key;
    ModelCode model_code;
};

/// A core dump whose bytes are on stable storage and whose row is still to be made.
struct NewCoredump {
    /// `device_id` of one that is found by its key and model.
    static constexpr std::int64_t kByKey = 0;

    std::int64_t device_id = 0;
    DumpFilename filename;
    Chip chip;
    FirmwareVersion firmware_version;
    std::int64_t size = 0;  ///< bytes
    Timestamp uploaded_at;
    std::optional<std::string> sha256 = std::nullopt;  ///< 64 lower-case hex characters
    /// What the device calls this upload, should it have to send it again.
    std::optional<IdempotencyKey> idempotency_key = std::nullopt;
    Arrival arrival = Arrival::Now;
    std::optional<std::string> object = std::nullopt;  ///< see DumpFile
    /// For kByKey. Another model is no such device.
    std::optional<DeviceOfModel> device = std::nullopt;

    DumpFile file() const { return {filename, object}; }
};

/// What becomes of a device's core dumps when there is a new one.
struct StoreRules {
    int keep = 1;  ///< rows, the new one included
    Retention retention = Retention::Oldest;
    bool deduplicate = false;  ///< the same bytes are the same core dump
};

struct StoredCoredump {
    std::int64_t id = 0;
    /// Another than the new one's when this core dump was recorded before: then nothing changed.
    DumpFile file;
    std::vector<DumpFile> evicted;  ///< whose rows retention removed; their files are due
};

/// There is no such device any more.
struct DeviceGone {};
/// The device has uploaded as many as it may.
struct OverLimit {
    std::chrono::microseconds wait;  ///< until it may upload again
};
/// Another core dump of the device has this name. Nothing was changed.
struct NameTaken {};
using StoreOutcome = std::variant<StoredCoredump, DeviceGone, OverLimit, NameTaken>;

/// The table `coredumps` as uploads and admins use it. All throw Unavailable.
class Coredumps {
  public:
    explicit Coredumps(Database& database) : database_(database) {}

    /// Inserts what was not recorded before (by this call, by its key, or by its bytes), and leaves
    /// the device with the `keep` rows that came last: in one round trip, in a transaction of
    /// several where signatures count. When Unavailable is in doubt, the row may be there.
    StoreOutcome store(const NewCoredump& coredump, const StoreRules& rules,
                       const UploadLimit& limit = {});

    /// Newest first, from the one behind `after` on.
    std::vector<CoredumpSummary> of_device(
        std::int64_t device_id, const std::optional<CoredumpPosition>& after = std::nullopt,
        std::int64_t limit = kMaxPageRows);
    /// Without `device_id`: of any device.
    std::optional<CoredumpDetail> find(const std::optional<std::int64_t>& device_id,
                                       std::int64_t id);

    struct File {
        DeviceKey device;
        std::optional<DumpFile> file;         ///< empty when the device has no such core dump
        std::optional<Timestamp> expired_at;  ///< when retention gave the file up
    };
    /// Where its file is. Empty when there is no such device.
    std::optional<File> file(std::int64_t device_id, std::int64_t id);

    /// Its file; empty when the device has no such dump.
    std::optional<DumpFile> remove(std::int64_t device_id, std::int64_t id);

    struct Removed {
        std::vector<DumpFile> files;           ///< of them, at most a thousand
        std::optional<CoredumpPosition> last;  ///< how far it got; empty: there were none
    };
    /// The newest ones behind `after`: a device may have more than memory can hold the names of.
    Removed remove_some(std::int64_t device_id, const std::optional<CoredumpPosition>& after);

  private:
    Database& database_;
};

}  // namespace coredepot::db
