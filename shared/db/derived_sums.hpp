#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace coredepot::db {

/// Sums that are stored beside the rows that they add up (sql/deploy/derived_sums.sql): of issues
/// and their signatures, of versions, and of core dumps' files. All throw Unavailable.
class DerivedSums {
  public:
    explicit DerivedSums(Database& database) : database_(database) {}

    struct Sum {
        std::int64_t id = 0;
        std::string name;       ///< for people
        bool is_wrong = false;  ///< a recount gives another result
    };
    /// The next issues after `after`, by ID, and whether their sums are right. It blocks nobody.
    std::vector<Sum> issues(std::int64_t after);
    /// The same for versions.
    std::vector<Sum> versions(std::int64_t after);
    /// Looks at all core dumps.
    bool files_are_wrong();

    /// Recounts an issue. Only transactions that count for this issue wait.
    void repair_issue(std::int64_t id);
    void repair_version(std::int64_t id);

  private:
    Database& database_;
};

}  // namespace coredepot::db
