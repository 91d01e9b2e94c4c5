#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/alert.hpp"
#include "domain/coredump_statistics.hpp"
#include "domain/time.hpp"

namespace coredepot::metrics {

/// Of a folder; what could not be found out is absent.
struct FolderGauges {
    std::string folder;
    std::optional<std::uint64_t> bytes;              ///< in the folder
    std::optional<std::uint64_t> free_bytes;         ///< that we could still write
    std::optional<std::uint64_t> file_system_bytes;  ///< in all
    std::optional<std::uint64_t> free_inodes;        ///< how many more files fit
    std::optional<std::uint64_t> file_system_inodes;
};

/// Of core dumps that were accepted while the database was away.
struct SpoolGauges {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;  ///< of the disk
    std::uint64_t max_bytes = 0;
    std::uint64_t quarantined = 0;        ///< files
    std::uint64_t quarantined_bytes = 0;  ///< counted against `max_bytes`, too
};

/// Of core dumps that wait in the bucket, for whichever host.
struct BucketSpoolGauges {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    std::chrono::seconds oldest_age{0};  ///< 0: nothing waits
};

/// Of the limits that files of core dumps are kept to.
struct RetentionGauges {
    std::uint64_t files = 0;
    bool unmet = false;  ///< a limit is not kept to, because no file may go
    std::optional<std::uint64_t> max_bytes;
    int min_free_percent = 0;
};

/// Of the keys that tokens are checked with.
struct IssuerKeysGauges {
    std::uint64_t keys = 0;
    std::optional<std::chrono::microseconds> age;  ///< empty: the issuer never said
};

/// What is looked at when somebody asks, beside what was counted.
struct Gauges {
    bool database_up = false;
    std::optional<CoredumpStatistics> coredumps;  ///< empty: the database did not say
    std::vector<FolderGauges> folders;
    std::optional<SpoolGauges> spool;          ///< empty: nowhere to keep core dumps
    std::optional<RetentionGauges> retention;  ///< empty: the same, or the database did not say
    bool sidecar_configured = false;
    /// When the last good snapshot was ready; the epoch: there is none yet. Empty: none are made.
    std::optional<Timestamp> last_backup;
    std::optional<IssuerKeysGauges> issuer_keys = std::nullopt;  ///< empty: no tokens are checked
    std::optional<AlertState> alerts = std::nullopt;  ///< empty: the database did not say
    std::optional<bool> store_up = std::nullopt;      ///< empty: no object store is configured
    /// Empty: the same, or it did not say.
    std::optional<BucketSpoolGauges> bucket_spool = std::nullopt;
};

}  // namespace coredepot::metrics
