#pragma once

#include <cstdint>
#include <optional>

#include "db/fields.hpp"
#include "db/session.hpp"
#include "domain/coredump.hpp"

namespace coredepot::db {

/// Reads the fifteen columns that every list of core dumps starts with: id, device_id, filename,
/// chip, firmware_version, size, parse_status, uploaded_at, parsed_at, created_at, signature,
/// title, attempts, next_attempt_at, file_expired_at.
CoredumpSummary to_summary(Fields& fields);

/// See Coredumps::find().
std::optional<CoredumpDetail> find_detail(Session& session,
                                          const std::optional<std::int64_t>& device_id,
                                          std::int64_t id);
/// As the transaction sees it.
std::optional<CoredumpDetail> find_detail(Session::Transaction& transaction,
                                          const std::optional<std::int64_t>& device_id,
                                          std::int64_t id);

}  // namespace coredepot::db
