#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/issues/issues.hpp"
#include "db/issues.hpp"
#include "db/triage.hpp"
#include "domain/issue.hpp"
#include "domain/person.hpp"

namespace coredepot::core {

/// Changes issues for people. `seen` is the revision that the person saw; empty: any. All throw
/// Refusal (PreconditionFailed when the revision has changed, AlreadyExists when the issue's state
/// forbids the change) and db::Unavailable.
class Triage {
  public:
    Triage(db::Issues& issues, db::Triage& triage) : issues_(issues), triage_(triage) {}

    /// Each returns the issue after the change.
    IssueDetail change(const std::string& reference, std::optional<std::int64_t> seen,
                       const IssueChange& change, const Person& by);
    IssueDetail merge(const std::string& reference, std::optional<std::int64_t> seen,
                      std::int64_t into, const Person& by);
    /// Returns the new issue.
    IssueDetail split(const std::string& reference, std::optional<std::int64_t> seen,
                      const std::string& signature, const Person& by);
    void comment(const std::string& reference, const std::string& text, const Person& by);

    struct Refused {
        std::int64_t id = 0;
        std::string error;
    };
    struct Bulk {
        std::int64_t changed = 0;
        std::vector<Refused> refused;
    };
    /// Changes each issue by itself: if one is refused, the others still change.
    Bulk change_all(const std::vector<std::int64_t>& ids, const IssueChange& change,
                    const Person& by);

    static constexpr std::size_t kMostAtOnce = 1000;  ///< ids of a bulk change

  private:
    IssueDetail find(const std::string& reference);

    db::Issues& issues_;
    db::Triage& triage_;
};

}  // namespace coredepot::core
