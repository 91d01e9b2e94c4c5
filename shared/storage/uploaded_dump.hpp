#pragma once

#include <optional>
#include <string>

#include "domain/coredump.hpp"

namespace coredepot::storage {

/// An uploaded core dump with everything that its row needs except the device's ID. It is in
/// memory, or in the spool while the database is away.
struct UploadedDump {
    DeviceKey device;
    std::optional<ModelCode> model_code;  ///< vouched for by the device's token
    Chip chip;
    FirmwareVersion firmware_version;
    Timestamp uploaded_at;  ///< also names its file: dump_filename()
    std::optional<IdempotencyKey> idempotency_key;
    std::string sha256;  ///< of `bytes`, 64 lower-case hex characters
    std::string bytes;
};

}  // namespace coredepot::storage
