#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "domain/names.hpp"

namespace coredepot {

/// The parts of a core dump's row that its file's path, name and bytes do not tell. The label is
/// stored with the file, so that we can make the row again if the database loses it.
struct DumpLabel {
    Chip chip;
    FirmwareVersion firmware_version;
    std::optional<ModelCode> model_code;  ///< of the device at the time of the upload
    std::optional<IdempotencyKey> idempotency_key;
    /// The first kHashed characters of the bytes' SHA-256, in lower-case hex. They tell whether the
    /// file is whole. Older labels lack them; their files are whole.
    std::optional<std::string> sha256_start = std::nullopt;

    static constexpr std::size_t kHashed = 16;
    bool operator==(const DumpLabel&) const = default;
};

}  // namespace coredepot
