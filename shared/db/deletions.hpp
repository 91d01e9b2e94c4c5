#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// The table `deleted_coredumps`: core dumps that were deleted on purpose. Whatever deletes rows
/// writes to it. All throw Unavailable.
class Deletions {
  public:
    explicit Deletions(Database& database) : database_(database) {}

    /// A core dump that was deleted.
    struct Deleted {
        std::optional<std::string> sha256;  ///< 64 lower-case hex characters; empty: not known
    };
    /// The records for this name, in no order: a name may be used and deleted more than once.
    std::vector<Deleted> of(const DeviceKey& device, const DumpFilename& filename);

    struct Name {
        DeviceKey device;
        DumpFilename filename;
    };
    struct Page {
        std::vector<Name> old;     ///< deleted longer ago than `age`
        std::optional<Name> last;  ///< `after` for the next page; empty: this is the last one
    };
    /// The records after `after`, ordered by device and name, at most ten thousand.
    Page page(const std::optional<Name>& after, std::chrono::seconds age);

    /// Forgets these names' records, except those younger than `age`.
    void forget(const std::vector<Name>& names, std::chrono::seconds age);

  private:
    Database& database_;
};

}  // namespace coredepot::db
