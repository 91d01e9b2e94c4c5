#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "db/database.hpp"
#include "domain/coredump.hpp"
#include "domain/issue.hpp"

namespace coredepot::db {

/// Reads issues for people. All throw Unavailable.
class Issues {
  public:
    explicit Issues(Database& database) : database_(database) {}

    /// An issue with its position in the list.
    struct Placed {
        IssueSummary issue;
        IssuePosition position;
    };
    std::vector<Placed> list(const IssueFilter& filter, const std::optional<IssuePosition>& after,
                             std::int64_t limit);
    std::optional<std::int64_t> id_of(const IssueReference& issue);
    std::optional<IssueDetail> find(const IssueReference& issue);

    /// In the order of versions.
    std::vector<IssueVersion> versions(std::int64_t issue);
    /// By ascending ID, after `after`.
    std::vector<IssueDevice> devices(std::int64_t issue, std::int64_t after, std::int64_t limit);
    IssueSeries series(std::int64_t issue);
    /// Newest first, before `before`.
    std::vector<IssueEvent> history(std::int64_t issue, std::optional<std::int64_t> before,
                                    std::int64_t limit);
    /// Issues of the same model that share functions of its own; the most similar first, at most
    /// twenty.
    std::vector<IssueSummary> similar(std::int64_t issue);

  private:
    Database& database_;
};

}  // namespace coredepot::db
