#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "domain/names.hpp"

namespace coredepot::db {

/// The table `deleted_coredumps`: which core dumps were deleted on purpose. Whatever deletes rows
/// writes it. All throw Unavailable.
class Deletions {
  public:
    explicit Deletions(Database& database) : database_(database) {}

    /// What is known of a core dump's deletion.
    struct Deleted {
        std::optional<std::string> sha256;  ///< 64 lower-case hex characters; empty: not known
    };
    /// Those of this name, in no order: it may have been used, and deleted, more than once.
    std::vector<Deleted> of(const DeviceKey& device, const DumpFilename& filename);

    struct Name {
        DeviceKey device;
        DumpFilename filename;
    };
    struct Page {
        std::vector<Name> old;     ///< deleted longer ago than `age`
        std::optional<Name> last;  ///< what the next page is after; empty: there is none
    };
    /// The records after `after`, by device and name, ten thousand at most.
    Page page(const std::optional<Name>& after, std::chrono::seconds age);

    /// Those of these names, unless they are younger.
    void forget(const std::vector<Name>& names, std::chrono::seconds age);

  private:
    Database& database_;
};

}  // namespace coredepot::db
