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

/// When a core dump gets its row.
enum class Arrival : std::uint8_t {
    Now,   ///< right after its upload: it is the newest, whatever the clocks say
    Late,  ///< later: it was accepted at `uploaded_at`, and newer ones may already have rows
};

struct DeviceOfModel {
    DeviceKey key;
    ModelCode model_code;
};

/// A core dump whose bytes are on stable storage and that has no row yet.
struct NewCoredump {
    /// The `device_id` when the device is to be found by key and model.
    static constexpr std::int64_t kByKey = 0;

    std::int64_t device_id = 0;
    DumpFilename filename;
    Chip chip;
    FirmwareVersion firmware_version;
    std::int64_t size = 0;  ///< bytes
    Timestamp uploaded_at;
    std::optional<std::string> sha256 = std::nullopt;  ///< 64 lower-case hex characters
    /// The device's name for this upload, in case it sends it again.
    std::optional<IdempotencyKey> idempotency_key = std::nullopt;
    Arrival arrival = Arrival::Now;
    std::optional<std::string> object = std::nullopt;  ///< see DumpFile
    /// For kByKey. The device must have this model.
    std::optional<DeviceOfModel> device = std::nullopt;

    DumpFile file() const { return {filename, object}; }
};

/// What a new core dump does to the device's other ones.
struct StoreRules {
    int keep = 1;  ///< rows to keep, including the new one
    Retention retention = Retention::Oldest;
    bool deduplicate = false;  ///< the same bytes are the same core dump
};

struct StoredCoredump {
    std::int64_t id = 0;
    /// If the core dump had been recorded before, this is the earlier file, and nothing has
    /// changed.
    DumpFile file;
    /// Retention removed their rows; the caller must remove the files.
    std::vector<DumpFile> evicted;
};

/// The device no longer exists.
struct DeviceGone {};
/// The device has used up its uploads.
struct OverLimit {
    std::chrono::microseconds wait;  ///< until it may upload again
};
/// Another core dump of the device has this name. Nothing changed.
struct NameTaken {};
using StoreOutcome = std::variant<StoredCoredump, DeviceGone, OverLimit, NameTaken>;

/// The table `coredumps`, for uploads and admins. All throw Unavailable.
class Coredumps {
  public:
    explicit Coredumps(Database& database) : database_(database) {}

    /// Inserts the row unless the core dump was recorded before (by this call, by its key, or by
    /// its bytes), and leaves the device its `keep` newest rows. It takes one round trip, or a
    /// transaction of several if retention depends on signatures. When Unavailable is in doubt, the
    /// row may exist.
    StoreOutcome store(const NewCoredump& coredump, const StoreRules& rules,
                       const UploadLimit& limit = {});

    /// Newest first, after `after`.
    std::vector<CoredumpSummary> of_device(
        std::int64_t device_id, const std::optional<CoredumpPosition>& after = std::nullopt,
        std::int64_t limit = kMaxPageRows);
    /// Without `device_id`, of any device.
    std::optional<CoredumpDetail> find(const std::optional<std::int64_t>& device_id,
                                       std::int64_t id);

    struct File {
        DeviceKey device;
        std::optional<DumpFile> file;         ///< empty when the device has no such core dump
        std::optional<Timestamp> expired_at;  ///< when retention gave the file up
    };
    /// Where its file is. Empty when there is no such device.
    std::optional<File> file(std::int64_t device_id, std::int64_t id);

    /// Returns its file; empty when the device has no such core dump.
    std::optional<DumpFile> remove(std::int64_t device_id, std::int64_t id);

    struct Removed {
        std::vector<DumpFile> files;           ///< of the removed rows, at most a thousand
        std::optional<CoredumpPosition> last;  ///< the last one removed; empty: there were none
    };
    /// Removes the newest ones after `after`, in steps: a device may have more than fit into
    /// memory.
    Removed remove_some(std::int64_t device_id, const std::optional<CoredumpPosition>& after);

  private:
    Database& database_;
};

}  // namespace coredepot::db
