#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/dump_label.hpp"

namespace coredepot::storage {

/// A core dump's label as its file's extended attribute has it:
///
///     2/9f86d081884c7d65/esp32c3/thermostat/1.4.2/the idempotency key
///     1/esp32c3/thermostat/1.4.2/the idempotency key
///
/// that is the layout's version, the start of the bytes' SHA-256, chip, model code, firmware
/// version and idempotency key, the model and the key empty where there is none. The second is of a
/// label without hash. `/` is in none of them but the key, which comes last. So short because ext4
/// has some 60 bytes of room beside the inode: what is longer takes a block of its own, 4 KiB to
/// write and to keep for each core dump.
std::string to_text(const DumpLabel& label);

/// Empty when `text` is not exactly what to_text() makes of some label.
std::optional<DumpLabel> parse_label(std::string_view text);

/// What to_text() makes at most: names of 50, 50, 50 and 255 characters.
constexpr std::size_t kMaxLabel = 1 + DumpLabel::kHashed + 50 + 50 + 50 + 255 + 5;

}  // namespace coredepot::storage
