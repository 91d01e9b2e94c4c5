#pragma once

#include "db/session.hpp"

/// Statements that several classes use in their firmware transactions.
namespace coredepot::db {

/// Only the database can lock across machines. The lock lasts until the end of the transaction.
inline constexpr Statement kLockFirmware{"lock_firmware_of_model", R"(
    SELECT pg_advisory_xact_lock(hashtextextended('firmware of ' || code, 0))
      FROM device_models WHERE id = $1)"};

inline constexpr Statement kForgetDropped{"forget_dropped_firmware_object",
                                          "DELETE FROM dropped_firmware_objects WHERE object = $1"};

}  // namespace coredepot::db
