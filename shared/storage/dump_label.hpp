#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/dump_label.hpp"

namespace coredepot::storage {

/// A core dump's label, as its file's extended attribute holds it:
///
///     2/9f86d081884c7d65/esp32c3/thermostat/1.4.2/the idempotency key
///     1/esp32c3/thermostat/1.4.2/the idempotency key
///
/// The fields are the layout's version, the start of the bytes' SHA-256, chip, model code, firmware
/// version and idempotency key. Model and key may be empty. The second form has no hash. Only the
/// key may contain `/`, and it comes last. The label is short because ext4 has about 60 bytes of
/// room beside the inode. A longer one takes a block of its own: 4 KiB to write and to keep for
/// each core dump.
std::string to_text(const DumpLabel& label);

/// Empty when to_text() would not write `text`.
std::optional<DumpLabel> parse_label(std::string_view text);

/// The longest result of to_text(): names of 50, 50, 50 and 255 characters.
constexpr std::size_t kMaxLabel = 1 + DumpLabel::kHashed + 50 + 50 + 50 + 255 + 5;

}  // namespace coredepot::storage
