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

/// The files that should be in folders, according to the rows. It comes in portions, because there
/// may be millions. All throw Unavailable.
class Inventory {
  public:
    explicit Inventory(Database& database) : database_(database) {}

    enum class File : std::uint8_t {
        Kept,
        Expiring,  ///< retention is about to remove it
        Expired,   ///< it was removed, unless a backup brought it back
    };
    using Files = std::map<DumpFilename, File>;
    /// These devices' core dumps. A key that is missing in the result belongs to no device.
    std::map<DeviceKey, Files> coredumps_of(const std::vector<DeviceKey>& devices);

    /// Devices that have core dumps, by key: those after `after` ("" for the first), at most a
    /// thousand.
    std::vector<DeviceKey> devices_with_coredumps(const std::string& after);

    /// The facts in the rows that their files' labels have, too.
    std::map<DeviceKey, std::map<DumpFilename, DumpLabel>> labels_of(
        const std::vector<DeviceKey>& devices);

    struct Version {
        FirmwareVersion version;
        bool bundled = false;  ///< it has an ELF, in a bundle in a folder
        bool current = false;  ///< devices download it now, and it is not in the bucket
    };
    /// The versions of a model; empty for an unknown code.
    std::vector<Version> versions_of(const ModelCode& code);
    /// The SHA-256 of each ELF in a folder that is kept although its build was replaced.
    std::set<std::string> kept_elves_of(const ModelCode& code);
    std::set<ModelCode> models();

  private:
    Database& database_;
};

}  // namespace coredepot::db
