#pragma once

#include <optional>
#include <string_view>

#include "domain/dump_label.hpp"

namespace coredepot::storage {

/// The file that Coredepot's predecessor wrote beside each core dump, as `{name}.json`:
///
///     {"chip": "esp32c3", "firmware_version": "1.4.2", "device_key": "abcd1234",
///      "model_code": "thermostat", "uploaded_at": "2026-02-11T14:30:00.123456+00:00"}
///
/// The time is ignored, because the core dump's name has it.
struct DumpDescription {
    std::optional<DeviceKey> device;
    DumpLabel label;
};

/// Empty when chip or firmware version is missing, or when a value breaks its rule.
std::optional<DumpDescription> parse_description(std::string_view text);

/// In bytes. The names in it add up to about 200.
constexpr std::size_t kMaxDescription = 65'536;

}  // namespace coredepot::storage
