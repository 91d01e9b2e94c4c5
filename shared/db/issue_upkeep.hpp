#pragma once

#include <functional>

#include "db/database.hpp"

namespace coredepot::db {

/// What has to be done for issues beside counting each parse: core dumps of before there were
/// issues, core dumps that were deleted, times that are over.
class IssueUpkeep {
  public:
    explicit IssueUpkeep(Database& database) : database_(database) {}

    /// Step by step, each a short transaction, until there is nothing left to do or `enough` says
    /// so, which is asked before each. Whoever is killed meanwhile leaves a step undone. True when
    /// there may be more. Throws Unavailable.
    bool work(const std::function<bool()>& enough);

  private:
    Database& database_;
};

}  // namespace coredepot::db
