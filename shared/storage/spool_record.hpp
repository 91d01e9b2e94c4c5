#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/coredump.hpp"
#include "storage/uploaded_dump.hpp"

namespace coredepot::storage {

/// As a file of the spool has it, so that a single rename brings both or nothing: a line of JSON
/// that `head -n 1` shows, then the bytes.
///
///     {"spool":1,"device_key":"abcd1234","model_code":"thermostat","chip":"esp32c3",
///      "firmware_version":"1.4.2","uploaded_at":1770820200123456,"idempotency_key":null,
///      "size":65536,"sha256":"…"}␊
///     <size bytes>
///
/// `uploaded_at` is in microseconds since the epoch, `model_code` null when OIDC is off.
std::string to_record(const UploadedDump& dump);
/// The line alone, without its end, for another moment and model: what an object tells of itself.
std::string record_head(const UploadedDump& dump, Timestamp uploaded_at,
                        const std::optional<ModelCode>& model_code);

/// Empty when `record` is not exactly what to_record() makes of some core dump. These bytes were on
/// a disk: size and hash tell whether they are still those that were written.
std::optional<UploadedDump> parse_record(std::string_view record);

/// What a record's first line has at most, the end of the line included. An idempotency key of 255
/// characters that are all escaped and a little for the others are less than half of it.
constexpr std::size_t kMaxRecordHead = 2048;
constexpr std::uint64_t kMaxRecordBytes = kMaxRecordHead + kMaxCoredumpBytes;

}  // namespace coredepot::storage
