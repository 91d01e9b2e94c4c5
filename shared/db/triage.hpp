#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "domain/issue.hpp"
#include "domain/person.hpp"

namespace coredepot::db {

/// Changes of issues, each a transaction of one function (sql/deploy/triage.sql). All throw
/// Unavailable.
class Triage {
  public:
    explicit Triage(Database& database) : database_(database) {}

    /// What came of a change; all but Done changed nothing.
    enum class Outcome : std::uint8_t {
        Done,
        Missing,        ///< there is no such issue
        Stale,          ///< it is of another revision
        Merged,         ///< it is part of another one
        Resolved,       ///< and cannot be muted
        BadVersion,     ///< one of the versions is none of the model's
        Same,           ///< it cannot be merged into itself
        OtherModel,     ///< nor into one of another model
        IntoMissing,    ///< nor into one that is not there
        IntoMerged,     ///< nor into a part of another one
        NoSignature,    ///< it has no such signature
        OnlySignature,  ///< it has no other one
    };

    /// `seen`: the revision that it must be of; empty: any.
    Outcome change(std::int64_t issue, std::optional<std::int64_t> seen, const IssueChange& change,
                   const Person& by);
    Outcome merge(std::int64_t issue, std::optional<std::int64_t> seen, std::int64_t into,
                  const Person& by);
    struct Split {
        Outcome outcome = Outcome::Missing;
        std::int64_t made = 0;  ///< the new issue's id, when Done
    };
    Split split(std::int64_t issue, std::optional<std::int64_t> seen, const std::string& signature,
                const Person& by);
    /// False: there is no such issue.
    bool comment(std::int64_t issue, const std::string& text, const Person& by);

  private:
    Database& database_;
};

}  // namespace coredepot::db
