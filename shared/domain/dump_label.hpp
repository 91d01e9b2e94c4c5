#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "domain/names.hpp"

namespace coredepot {

/// What a core dump's row says that its file's path, name and bytes do not. Kept with the file, so
/// that the row can be made again should the database lose it.
struct DumpLabel {
    Chip chip;
    FirmwareVersion firmware_version;
    std::optional<ModelCode> model_code;  ///< of the device, when it uploaded it
    std::optional<IdempotencyKey> idempotency_key;
    /// How the SHA-256 of the bytes starts, kHashed lower-case hex characters: whether the file is
    /// whole. Empty in labels of before it was written, whose files are.
    std::optional<std::string> sha256_start = std::nullopt;

    static constexpr std::size_t kHashed = 16;
    bool operator==(const DumpLabel&) const = default;
};

}  // namespace coredepot
