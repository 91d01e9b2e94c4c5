#pragma once

#include <functional>

#include "db/database.hpp"

namespace coredepot::db {

/// Work on issues that no parse triggers: old core dumps that were never counted, deleted core
/// dumps, and mutes that have ended.
class IssueUpkeep {
  public:
    explicit IssueUpkeep(Database& database) : database_(database) {}

    /// Works in short transactions until nothing is left or `enough` returns true; it is asked
    /// before each. If the process is killed, one step stays undone. True when there may be more.
    /// Throws Unavailable.
    bool work(const std::function<bool()>& enough);

  private:
    Database& database_;
};

}  // namespace coredepot::db
