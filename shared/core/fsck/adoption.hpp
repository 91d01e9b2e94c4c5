#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/uploads/late_rows.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"
#include "db/firmware_versions.hpp"
#include "domain/dump_facts.hpp"
#include "storage/dump_quarantine.hpp"

namespace coredepot::core {

/// Reads a core dump whose label is lost. Whoever builds the parts brings the decoder along for it,
/// of which the use cases know nothing.
using ReadFacts = std::function<DumpFacts(std::span<const std::byte> dump)>;

/// The label of a core dump that has nothing but its bytes.
std::variant<DumpLabel, NoRow> label_by_bytes(const ReadFacts& read_facts, db::Devices& devices,
                                              db::FirmwareVersions& versions,
                                              const DeviceKey& device, const std::string& bytes);

/// Makes these devices, and their models, where they are missing; logged. All at once and before
/// any of their core dumps is adopted: to whoever finds some devices and not the others, the others
/// are unknown, and their core dumps go to quarantine.
void make_devices_again(db::DeviceModels& models, db::Devices& devices,
                        const std::map<DeviceKey, ModelCode>& missing);

/// Makes the rows of core dumps that are in their places and that the database does not know (any
/// more). What a row needs beyond path, name and bytes is taken from the file's label; else from
/// what Coredepot's predecessor wrote beside it; else from what the core dump tells itself. What
/// can have no row goes to quarantine. Any number may run at once; each can be killed at any
/// moment.
class Adoption {
  public:
    struct Parts {
        db::Devices& devices;
        db::DeviceModels& models;
        db::FirmwareVersions& versions;
        LateRows& rows;
        const storage::DumpStore& dumps;
        const storage::DumpQuarantine& quarantine;
        metrics::Counters& counters;
        ReadFacts read_facts;
    };
    /// `make_devices`: those that are missing, of the model that they had.
    Adoption(Parts parts, bool make_devices)
        : parts_(std::move(parts)), make_devices_(make_devices) {}

    enum class Outcome : std::uint8_t {
        Adopted,
        Repeated,  ///< there is a row of another upload of it; this file is gone
        Quarantined,
        Gone,  ///< somebody else took care of it
    };
    struct Result {
        Outcome outcome = Outcome::Gone;
        std::string reason;  ///< for the quarantine
    };
    /// Logged and counted. The caller knows that there is no row and no record of a deletion.
    /// Throws ForgottenDatabase, db::Unavailable, os::StorageError.
    Result adopt(const DeviceKey& device, const DumpFilename& filename);

    struct Name {
        DeviceKey device;
        DumpFilename filename;
    };
    /// Makes the devices of these core dumps where something beside their bytes tells the model.
    void make_devices_of(const std::vector<Name>& dumps);

    /// What stands for a firmware version that nothing tells. Its ELF may be found all the same.
    static constexpr const char* kUnknownVersion = "unknown";

  private:
    std::variant<DumpLabel, NoRow> describe(const DeviceKey& device, const DumpFilename& filename,
                                            const std::string& bytes);
    Result record(const DeviceKey& device, const DumpFilename& filename, const std::string& bytes,
                  const DumpLabel& label);
    Result quarantine(const DeviceKey& device, const DumpFilename& filename,
                      const std::string& reason);
    std::optional<ModelCode> model_told_beside(const Name& dump);

    Parts parts_;
    bool make_devices_;
};

}  // namespace coredepot::core
