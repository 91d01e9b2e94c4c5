#pragma once

#include <cstdint>

#include "config.hpp"
#include "db/database.hpp"
#include "storage/folder_state.hpp"

namespace coredepot::core {

/// Whether requests can be served now. Cheap enough for a load balancer that asks every second.
struct Health {
    enum class Status : std::uint8_t {
        Ok,
        Degraded,  ///< devices are served; some of what pipelines and admins do is not possible
        Unavailable,
    };
    Status status = Status::Unavailable;
    bool database = false;
    std::optional<storage::FolderState> coredumps_dir;  ///< empty: not configured
    /// Core dumps that wait for the database to be back.
    enum class Spool : std::uint8_t { Empty, Waiting, Full };
    std::optional<Spool> spool;  ///< empty: there is none
    bool quarantine = false;     ///< there are spooled core dumps that somebody has to look at
    storage::FolderState assets_dir = storage::FolderState::Unavailable;
};

/// Never throws: what is not well is part of the answer.
Health check_health(db::Database& database, const Config& config);

}  // namespace coredepot::core
