#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/coredumps.hpp"
#include "db/devices.hpp"
#include "domain/coredump.hpp"
#include "domain/page.hpp"
#include "storage/dump_store.hpp"

namespace coredepot::core {

using CoredumpPage = Page<CoredumpSummary, CoredumpPosition>;

/// What admins do with the core dumps of a device. A dump of another device does not exist here.
/// All throw NotFound and db::Unavailable.
class Coredumps {
  public:
    Coredumps(db::Devices& devices, db::Coredumps& coredumps,
              std::optional<storage::DumpStore> store)
        : devices_(devices), coredumps_(coredumps), store_(std::move(store)) {}

    /// Newest first. ValidationFailed for a bad limit.
    CoredumpPage list(std::int64_t device_id, const PageRequest<CoredumpPosition>& page = {});
    CoredumpDetail find(std::int64_t device_id, std::int64_t id);
    /// Of any device.
    CoredumpDetail find(std::int64_t id);

    struct File {
        DumpFilename filename;
        std::string relative_path;  ///< below COREDUMPS_DIR
    };
    /// NotFound also when the file is gone, FileExpired when retention gave it up.
    File locate(std::int64_t device_id, std::int64_t id);

    /// The row, then the file; a file that is gone already is no error.
    void remove(std::int64_t device_id, std::int64_t id);
    /// By thousands: when it fails some are gone, and it may be done again.
    void remove_all(std::int64_t device_id);

  private:
    db::Devices& devices_;
    db::Coredumps& coredumps_;
    std::optional<storage::DumpStore> store_;
};

}  // namespace coredepot::core
