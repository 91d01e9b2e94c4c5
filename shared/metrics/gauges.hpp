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

/// A folder's numbers. Those that could not be found out are absent.
struct FolderGauges {
    std::string folder;
    std::optional<std::uint64_t> bytes;              ///< in files of the folder
    std::optional<std::uint64_t> free_bytes;         ///< how much we can still write
    std::optional<std::uint64_t> file_system_bytes;  ///< total
    std::optional<std::uint64_t> free_inodes;        ///< how many more files fit
    std::optional<std::uint64_t> file_system_inodes;
};

/// Core dumps that were accepted while the database was away.
struct SpoolGauges {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;  ///< on the disk
    std::uint64_t max_bytes = 0;
    std::uint64_t quarantined = 0;        ///< files
    std::uint64_t quarantined_bytes = 0;  ///< they count towards `max_bytes`, too
};

/// Core dumps that wait in the bucket for any host.
struct BucketSpoolGauges {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    std::chrono::seconds oldest_age{0};  ///< 0: nothing waits
};

/// The limits for the files of core dumps.
struct RetentionGauges {
    std::uint64_t files = 0;
    bool unmet = false;  ///< a limit is exceeded because no file may be removed
    std::optional<std::uint64_t> max_bytes;
    int min_free_percent = 0;
};

/// The keys that check tokens.
struct IssuerKeysGauges {
    std::uint64_t keys = 0;
    std::optional<std::chrono::microseconds> age;  ///< empty: the issuer never answered
};

/// Values that are read when somebody asks. Counters come in addition.
struct Gauges {
    bool database_up = false;
    std::optional<CoredumpStatistics> coredumps;  ///< empty: the database did not answer
    std::vector<FolderGauges> folders;
    std::optional<SpoolGauges> spool;          ///< empty: there is no place for core dumps
    std::optional<RetentionGauges> retention;  ///< empty: the same, or the database did not answer
    bool sidecar_configured = false;
    /// When the last good backup was ready; the epoch: there is none yet. Empty: backups are off.
    std::optional<Timestamp> last_backup;
    std::optional<IssuerKeysGauges> issuer_keys = std::nullopt;  ///< empty: tokens are not checked
    std::optional<AlertState> alerts = std::nullopt;  ///< empty: the database did not answer
    std::optional<bool> store_up = std::nullopt;      ///< empty: no object store is configured
    /// Empty: no store is configured, or it did not answer.
    std::optional<BucketSpoolGauges> bucket_spool = std::nullopt;
};

}  // namespace coredepot::metrics
