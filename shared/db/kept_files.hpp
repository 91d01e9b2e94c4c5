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

/// Core dumps' files that there are.
struct KeptFilesState {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    /// The setting that retention cannot keep to, because nothing is left that may go.
    std::optional<std::string> unmet_limit{};
};

/// How many bytes core dumps' files have, and which of them go when that is too much. A row says
/// that its file has expired before the file goes; until that is gone it is listed here. All throw
/// Unavailable.
class KeptFiles {
  public:
    explicit KeptFiles(Database& database) : database_(database) {}

    /// Whether nobody else lets files expire until release(), or this connection's end.
    bool reserve();
    void release();

    /// As it is at this moment. Only looks.
    KeptFilesState state();
    /// Adds up what uploads and deletions have noted, a hundred thousand of them at most. False:
    /// there is no more.
    bool take_in_changes();
    /// Looks at all core dumps. Returns whether the count was wrong.
    bool recount();

    struct Need {
        std::uint64_t bytes = 0;
        std::uint64_t block = 1;      ///< bytes that a file takes a whole number of
        std::int64_t most_files = 0;  ///< to expire at once
        std::int64_t keep = 0;        ///< newest files of each signature
        bool only_local = false;      ///< no objects: they take nothing of a volume
    };
    /// Lets files expire until so many bytes are free, and returns how many it were: from the
    /// signatures with most files the oldest first, then what has no signature, then milestones
    /// (sql/deploy/file_retention.sql). 0: nothing is left that may go.
    std::int64_t expire(const Need& need);
    /// Those that were uploaded before then, whatever they are.
    std::int64_t expire_before(Timestamp before, std::int64_t most_files);
    /// The setting that cannot be kept to; empty: all are.
    void note_unmet(const std::optional<std::string>& setting);

    struct Expired {
        std::int64_t coredump_id = 0;
        DeviceKey device;
        DumpFile file;
    };
    /// Files that are to go, a thousand at most.
    std::vector<Expired> to_remove();
    void removed(const std::vector<Expired>& files);

  private:
    Database& database_;
};

}  // namespace coredepot::db
