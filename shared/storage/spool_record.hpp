#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/coredump.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::storage {

/// A core dump as a file of the spool holds it, so that a single rename brings all or nothing: a
/// line of JSON, which `head -n 1` shows, then the bytes.
///
///     {"spool":1,"device_key":"abcd1234","model_code":"thermostat","chip":"esp32c3",
///      "firmware_version":"1.4.2","uploaded_at":1770820200123456,"idempotency_key":null,
///      "size":65536,"sha256":"…"}␊
///     <size bytes>
///
/// `uploaded_at` is in microseconds since the epoch, `model_code` null when OIDC is off.
std::string to_record(const UploadedDump& dump);
/// The line alone, without its end, and with another moment and model. Objects carry it to describe
/// themselves.
std::string record_head(const UploadedDump& dump, Timestamp uploaded_at,
                        const std::optional<ModelCode>& model_code);

/// Empty when to_record() would not write `record`. The bytes were on a disk, so size and hash tell
/// whether they are still the same.
std::optional<UploadedDump> parse_record(std::string_view record);

/// The longest first line of a record, including its end. An idempotency key of 255 characters, all
/// escaped, and the other members need less than half of it.
constexpr std::size_t kMaxRecordHead = 2048;
constexpr std::uint64_t kMaxRecordBytes = kMaxRecordHead + kMaxCoredumpBytes;

}  // namespace coredepot::storage
