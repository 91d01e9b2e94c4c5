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

/// Reads a core dump whose label is lost. The program that builds the parts provides the decoder
/// for it, because the use cases do not know the decoder.
using ReadFacts = std::function<DumpFacts(std::span<const std::byte> dump)>;

/// Makes a label for a core dump that has only its bytes.
std::variant<DumpLabel, NoRow> label_by_bytes(const ReadFacts& read_facts, db::Devices& devices,
                                              db::FirmwareVersions& versions,
                                              const DeviceKey& device, const std::string& bytes);

/// Makes these devices and their models if they are missing, and logs that. It does so for all at
/// once, before any core dump is adopted. Otherwise somebody could see some of the devices, and
/// core dumps of the others would go to quarantine.
void make_devices_again(db::DeviceModels& models, db::Devices& devices,
                        const std::map<DeviceKey, ModelCode>& missing);

/// Makes rows for core dumps that are in their places but unknown to the database. The facts that a
/// row needs beyond path, name and bytes come from the file's label; else from the file that
/// Coredepot's predecessor wrote beside it; else from the core dump itself. A core dump that cannot
/// have a row goes to quarantine. Any number may run at once, and each may be killed at any moment.
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
    /// `make_devices`: also make missing devices, of the model that they had.
    Adoption(Parts parts, bool make_devices)
        : parts_(std::move(parts)), make_devices_(make_devices) {}

    enum class Outcome : std::uint8_t {
        Adopted,
        Repeated,  ///< another upload of it has a row; this file is removed
        Quarantined,
        Gone,  ///< somebody else has dealt with it
    };
    struct Result {
        Outcome outcome = Outcome::Gone;
        std::string reason;  ///< why it is in quarantine
    };
    /// Logs and counts. The caller must have checked that there is no row and no record of a
    /// deletion. Throws ForgottenDatabase, db::Unavailable and os::StorageError.
    Result adopt(const DeviceKey& device, const DumpFilename& filename);

    struct Name {
        DeviceKey device;
        DumpFilename filename;
    };
    /// Makes the devices of those core dumps that tell their model other than by their bytes.
    void make_devices_of(const std::vector<Name>& dumps);

    /// The version when nothing tells it. The ELF may be found even so.
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
