#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/names.hpp"
#include "domain/time.hpp"

namespace coredepot::db {

/// The files of core dumps that exist.
struct KeptFilesState {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    /// The setting whose limit is exceeded although no more files may go.
    std::optional<std::string> unmet_limit{};
};

/// How many bytes the files of core dumps take, and which go when that is too much. The row says
/// that its file has expired before the file is removed; until then, the file is listed here. All
/// throw Unavailable.
class KeptFiles {
  public:
    explicit KeptFiles(Database& database) : database_(database) {}

    /// Whether only this process lets files expire, until release() or the end of the connection.
    bool reserve();
    void release();

    /// The current state. It changes nothing.
    KeptFilesState state();
    /// Adds up what uploads and deletions have noted, at most a hundred thousand notes. False when
    /// no more are left.
    bool take_in_changes();
    /// Looks at all core dumps. Returns whether the count was wrong.
    bool recount();

    struct Need {
        std::uint64_t bytes = 0;
        std::uint64_t block = 1;      ///< a file takes a whole number of these bytes
        std::int64_t most_files = 0;  ///< the most that may expire at once
        std::int64_t keep = 0;        ///< how many newest files of each signature stay
        bool only_local = false;      ///< leave out objects: they take no room on a volume
    };
    /// Lets files expire until that many bytes are free, and returns how many did: the oldest of
    /// the signatures with the most files first, then files without a signature, then milestones
    /// (sql/deploy/file_retention.sql). 0: no more files may go.
    std::int64_t expire(const Need& need);
    /// Lets all files expire that were uploaded before that time.
    std::int64_t expire_before(Timestamp before, std::int64_t most_files);
    /// Records the setting whose limit is exceeded; empty: none is.
    void note_unmet(const std::optional<std::string>& setting);

    struct Expired {
        std::int64_t coredump_id = 0;
        DeviceKey device;
        DumpFile file;
    };
    /// Files to remove, at most a thousand.
    std::vector<Expired> to_remove();
    void removed(const std::vector<Expired>& files);

  private:
    Database& database_;
};

}  // namespace coredepot::db
