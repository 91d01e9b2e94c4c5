#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/dump_label.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// What files there should be in folders, by the rows; in portions, because there may be millions.
/// All throw Unavailable.
class Inventory {
  public:
    explicit Inventory(Database& database) : database_(database) {}

    enum class File : std::uint8_t {
        Kept,
        Expiring,  ///< retention gave it up, and is about to remove it
        Expired,   ///< and it is gone, unless it came back out of a backup
    };
    using Files = std::map<DumpFilename, File>;
    /// The core dumps of these devices; a key that is not in the result is no device's.
    std::map<DeviceKey, Files> coredumps_of(const std::vector<DeviceKey>& devices);

    /// Devices that have core dumps, by key: those after `after` ("" for the first), a thousand at
    /// most.
    std::vector<DeviceKey> devices_with_coredumps(const std::string& after);

    /// What their rows say that labels of their files say, too.
    std::map<DeviceKey, std::map<DumpFilename, DumpLabel>> labels_of(
        const std::vector<DeviceKey>& devices);

    struct Version {
        FirmwareVersion version;
        bool bundled = false;  ///< it came with an ELF, in a bundle that is in a folder
        bool current = false;  ///< what devices download now, unless that is in a bucket
    };
    /// Those of one model, and none for a code that is no model's.
    std::vector<Version> versions_of(const ModelCode& code);
    /// The SHA-256 of each ELF that is kept for it, in a folder, though its build was replaced.
    std::set<std::string> kept_elves_of(const ModelCode& code);
    std::set<ModelCode> models();

  private:
    Database& database_;
};

}  // namespace coredepot::db
