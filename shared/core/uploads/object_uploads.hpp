#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

#include "core/dump_files.hpp"
#include "core/outage.hpp"
#include "core/uploads/dump_recorder.hpp"
#include "core/uploads/object_spool.hpp"
#include "domain/device.hpp"
#include "storage/spool.hpp"
#include "storage/wake_ups.hpp"

namespace coredepot::core {

struct AcceptedUpload {
    DumpFilename filename;
    std::optional<std::int64_t> coredump_id;  ///< empty: spooled; it has no row yet
};

/// Accepts core dumps into a bucket. A success is a promise, whatever is away:
///
///     store   database
///     there   there      an object, then the row
///     there   away       a record in the bucket's spool: any host brings it in
///     away    there      a record in this machine's spool: this host brings it in
///     away    away       the same
///
/// An object that may or may not be there (the store got all of it and did not answer) counts as
/// away, because putting it again under the same key is harmless. If the process dies between
/// object and row, an object without a row remains. It contains what its row needs
/// (coredepot-fsck).
class ObjectUploads {
  public:
    struct Parts {
        DumpFiles files;       ///< must have a bucket
        storage::Spool spool;  ///< this machine's
        std::optional<storage::WakeUps> wake_ups;
        db::Coredumps& coredumps;
        metrics::Counters& counters;
    };
    ObjectUploads(Parts parts, const db::StoreRules& rules, const UploadLimit& limit)
        : parts_(std::move(parts)), rules_(rules), limit_(limit), spooled_(parts_.files.bucket()) {}

    /// Called when the database did not answer.
    using DatabaseFailed =
        std::function<void(Outage::Clock::time_point asked, const std::exception& error)>;
    /// Throws Refusal and os::StorageError. Then nothing is stored, except for what was in doubt.
    AcceptedUpload record(const Device& device, storage::UploadedDump dump,
                          const DatabaseFailed& database_failed);
    /// For when the database cannot tell the device. Throws the same.
    AcceptedUpload spool(storage::UploadedDump dump);

  private:
    /// Whether it is in the bucket's spool.
    enum class Kept : std::uint8_t {
        Yes,
        No,
        InDoubt,
    };
    Kept keep_in_bucket(const storage::UploadedDump& dump);
    bool is_over_limit(const DeviceKey& device);
    bool waits_too_often(const DeviceKey& device) const;
    void store_failed(Outage::Clock::time_point asked, const objects::Unavailable& error);

    Parts parts_;
    db::StoreRules rules_;
    UploadLimit limit_;
    ObjectSpool spooled_;
    Outage store_outage_;
};

}  // namespace coredepot::core
