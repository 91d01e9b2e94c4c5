#pragma once

#include <optional>
#include <string>

#include "domain/coredump.hpp"

namespace coredepot::storage {

/// A core dump that has come in, and all that its row needs but the device's id: in memory, or in
/// the spool while the database is away.
struct UploadedDump {
    DeviceKey device;
    std::optional<ModelCode> model_code;  ///< that the device's token vouched for
    Chip chip;
    FirmwareVersion firmware_version;
    Timestamp uploaded_at;  ///< names its file too: dump_filename()
    std::optional<IdempotencyKey> idempotency_key;
    std::string sha256;  ///< of `bytes`, 64 lower-case hex characters
    std::string bytes;
};

}  // namespace coredepot::storage
