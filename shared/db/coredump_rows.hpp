#pragma once

#include "db/fields.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// Reads the fifteen columns that every list of core dumps starts with: id, device_id, filename,
/// chip, firmware_version, size, parse_status, uploaded_at, parsed_at, created_at, signature,
/// title, attempts, next_attempt_at, file_expired_at.
CoredumpSummary to_summary(Fields& fields);

}  // namespace coredepot::db
