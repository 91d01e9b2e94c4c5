#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/issue.hpp"

namespace coredepot::db {

/// Issues as people look at them. All throw Unavailable.
class Issues {
  public:
    explicit Issues(Database& database) : database_(database) {}

    /// With its place in the list.
    struct Placed {
        IssueSummary issue;
        IssuePosition position;
    };
    std::vector<Placed> list(const IssueFilter& filter, const std::optional<IssuePosition>& after,
                             std::int64_t limit);
    std::optional<IssueDetail> find(const IssueReference& issue);

    /// In the order of versions.
    std::vector<IssueVersion> versions(std::int64_t issue);
    /// By rising id, behind `after`.
    std::vector<IssueDevice> devices(std::int64_t issue, std::int64_t after, std::int64_t limit);
    IssueSeries series(std::int64_t issue);
    /// Newest first, before `before`.
    std::vector<IssueEvent> history(std::int64_t issue, std::optional<std::int64_t> before,
                                    std::int64_t limit);
    /// Of the same model, with functions of its own; the most similar first, twenty at most.
    std::vector<IssueSummary> similar(std::int64_t issue);

  private:
    Database& database_;
};

}  // namespace coredepot::db
