#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace coredepot::db {

/// Sums that are kept beside what they are sums of (sql/deploy/derived_sums.sql): those of issues
/// and their signatures, of versions, and of core dumps' files. All throw Unavailable.
class DerivedSums {
  public:
    explicit DerivedSums(Database& database) : database_(database) {}

    struct Sum {
        std::int64_t id = 0;
        std::string name;       ///< for people
        bool is_wrong = false;  ///< other than a recount says
    };
    /// Issues after `after`, by id, some at a time, and whether each one's sums are right. Holds
    /// up nobody.
    std::vector<Sum> issues(std::int64_t after);
    /// The same of versions.
    std::vector<Sum> versions(std::int64_t after);
    /// Looks at all core dumps.
    bool files_are_wrong();

    /// Makes an issue's sums anew; only who counts for that issue waits.
    void repair_issue(std::int64_t id);
    void repair_version(std::int64_t id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
