#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coredepot::metrics {

/// Of all core dumps, as they were last counted.
struct CoredumpGauges {
    std::uint64_t pending = 0;
    std::uint64_t parsed = 0;
    std::uint64_t error = 0;
    std::uint64_t bytes = 0;  ///< as uploaded
    /// Of the one that has been PENDING longest, since its upload, due or not, as of now; 0
    /// without any.
    std::chrono::microseconds oldest_pending_age{};
};

/// Of a folder, in bytes; what could not be found out is absent.
struct FolderGauges {
    std::string folder;
    std::optional<std::uint64_t> bytes;              ///< in the folder
    std::optional<std::uint64_t> free_bytes;         ///< that we could still write
    std::optional<std::uint64_t> file_system_bytes;  ///< in all
};

/// Of core dumps that were accepted while the database was away.
struct SpoolGauges {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t max_bytes = 0;
    std::uint64_t quarantined = 0;  ///< files
};

/// What is looked at when somebody asks, beside what was counted.
struct Gauges {
    bool database_up = false;
    std::optional<CoredumpGauges> coredumps;  ///< empty: the database did not say
    std::vector<FolderGauges> folders;
    std::optional<SpoolGauges> spool;  ///< empty: nowhere to keep core dumps
    bool sidecar_configured = false;
};

}  // namespace coredepot::metrics
