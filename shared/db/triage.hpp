#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "domain/issue.hpp"
#include "domain/person.hpp"

namespace coredepot::db {

/// Changes issues. Each change is one transaction of one function (sql/deploy/triage.sql). All
/// throw Unavailable.
class Triage {
  public:
    explicit Triage(Database& database) : database_(database) {}

    /// The result of a change. Everything except Done changed nothing.
    enum class Outcome : std::uint8_t {
        Done,
        Missing,        ///< there is no such issue
        Stale,          ///< its revision is not the expected one
        Merged,         ///< it was merged into another one
        Resolved,       ///< it is resolved and cannot be muted
        BadVersion,     ///< the model has no such version
        Same,           ///< it cannot be merged into itself
        OtherModel,     ///< nor into an issue of another model
        IntoMissing,    ///< nor into one that does not exist
        IntoMerged,     ///< nor into one that was merged itself
        NoSignature,    ///< it has no such signature
        OnlySignature,  ///< it is the only signature
    };

    /// `seen`: the revision that it must have; empty: any.
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
    /// False when there is no such issue.
    bool comment(std::int64_t issue, const std::string& text, const Person& by);

  private:
    Database& database_;
};

}  // namespace coredepot::db
