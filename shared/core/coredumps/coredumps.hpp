#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/dump_files.hpp"
#include "db/coredumps.hpp"
#include "db/devices.hpp"
#include "domain/coredump.hpp"
#include "domain/page.hpp"

namespace coredepot::core {

using CoredumpPage = Page<CoredumpSummary, CoredumpPosition>;

/// What admins do with the core dumps of a device. A dump of another device does not exist here.
/// All throw NotFound and db::Unavailable.
class Coredumps {
  public:
    Coredumps(db::Devices& devices, db::Coredumps& coredumps, DumpFiles files)
        : devices_(devices), coredumps_(coredumps), files_(std::move(files)) {}

    /// Newest first. ValidationFailed for a bad limit.
    CoredumpPage list(std::int64_t device_id, const PageRequest<CoredumpPosition>& page = {});
    CoredumpDetail find(std::int64_t device_id, std::int64_t id);
    /// Of any device.
    CoredumpDetail find(std::int64_t id);

    struct File {
        DumpFilename filename;
        std::string relative_path;  ///< below COREDUMPS_DIR; ""
        std::optional<objects::ProxyTarget> object;
    };
    /// NotFound also when the file is gone, FileExpired when retention gave it up. `method`: GET or
    /// HEAD, with which an object is to be fetched. Throws objects::Unavailable.
    File locate(std::int64_t device_id, std::int64_t id, const std::string& method = "GET");

    /// The row, then the file; a file that is gone already is no error.
    void remove(std::int64_t device_id, std::int64_t id);
    /// By thousands: when it fails some are gone, and it may be done again.
    void remove_all(std::int64_t device_id);

  private:
    db::Devices& devices_;
    db::Coredumps& coredumps_;
    DumpFiles files_;
};

}  // namespace coredepot::core
