#pragma once

#include "db/session.hpp"

/// What several classes do to firmware in a transaction of their own.
namespace coredepot::db {

/// Two machines share no lock but the database's. Until the end of the transaction.
inline constexpr Statement kLockFirmware{"lock_firmware_of_model", R"(
    SELECT pg_advisory_xact_lock(hashtextextended('firmware of ' || code, 0))
      FROM device_models WHERE id = $1)"};

inline constexpr Statement kForgetDropped{"forget_dropped_firmware_object",
                                          "DELETE FROM dropped_firmware_objects WHERE object = $1"};

}  // namespace coredepot::db
