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

/// What admins do with the core dumps of a device. Core dumps of other devices count as missing.
/// All throw NotFound and db::Unavailable.
class Coredumps {
  public:
    Coredumps(db::Devices& devices, db::Coredumps& coredumps, DumpFiles files)
        : devices_(devices), coredumps_(coredumps), files_(std::move(files)) {}

    /// Newest first. Throws ValidationFailed for an invalid limit.
    CoredumpPage list(std::int64_t device_id, const PageRequest<CoredumpPosition>& page = {});
    CoredumpDetail find(std::int64_t device_id, std::int64_t id);
    /// Of any device.
    CoredumpDetail find(std::int64_t id);

    struct File {
        DumpFilename filename;
        std::string relative_path;  ///< below COREDUMPS_DIR; "" for an object
        std::optional<objects::ProxyTarget> object;
    };
    /// Throws NotFound, also when the file is gone, and FileExpired when retention removed it.
    /// `method` (GET or HEAD) is how an object will be fetched. Throws objects::Unavailable.
    File locate(std::int64_t device_id, std::int64_t id, const std::string& method = "GET");

    /// Removes the row, then the file. A missing file is no error.
    void remove(std::int64_t device_id, std::int64_t id);
    /// Removes them in thousands. If it fails, some are gone; it may be called again.
    void remove_all(std::int64_t device_id);

  private:
    db::Devices& devices_;
    db::Coredumps& coredumps_;
    DumpFiles files_;
};

}  // namespace coredepot::core
