#pragma once

#include <optional>

#include "domain/names.hpp"

namespace coredepot {

/// What a core dump's row says that its file's path, name and bytes do not. Kept with the file, so
/// that the row can be made again should the database lose it.
struct DumpLabel {
    Chip chip;
    FirmwareVersion firmware_version;
    std::optional<ModelCode> model_code;  ///< of the device, when it uploaded it
    std::optional<IdempotencyKey> idempotency_key;
    bool operator==(const DumpLabel&) const = default;
};

}  // namespace coredepot
