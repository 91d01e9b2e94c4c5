#include "db/triage.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "db/session.hpp"
#include "db/text_array.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kResolveIssue{"resolve_issue",
                                  "SELECT resolve_issue($1, $2, $3::text[], $4, $5, $6)"};
constexpr Statement kOpenIssue{"open_issue", "SELECT open_issue($1, $2, $3, $4)"};
constexpr Statement kMuteIssue{"mute_issue", R"(
    SELECT mute_issue($1, $2, $3::json, from_microseconds($4), $5, $6, $7, $8, $9))"};
constexpr Statement kLinkTicket{"link_ticket", "SELECT link_ticket($1, $2, $3, $4, $5)"};
constexpr Statement kMergeIssue{"merge_issue", "SELECT merge_issue($1, $2, $3, $4, $5)"};
constexpr Statement kSplitIssue{"split_issue",
                                "SELECT outcome, made FROM split_issue($1, $2, $3, $4, $5)"};
constexpr Statement kCommentIssue{"comment_issue", "SELECT comment_issue($1, $2, $3, $4)"};

using Outcome = Triage::Outcome;

constexpr std::array kOutcomes = {
    std::pair{std::string_view("done"), Outcome::Done},
    std::pair{std::string_view("missing"), Outcome::Missing},
    std::pair{std::string_view("stale"), Outcome::Stale},
    std::pair{std::string_view("merged"), Outcome::Merged},
    std::pair{std::string_view("resolved"), Outcome::Resolved},
    std::pair{std::string_view("version"), Outcome::BadVersion},
    std::pair{std::string_view("same"), Outcome::Same},
    std::pair{std::string_view("other_model"), Outcome::OtherModel},
    std::pair{std::string_view("into_missing"), Outcome::IntoMissing},
    std::pair{std::string_view("into_merged"), Outcome::IntoMerged},
    std::pair{std::string_view("signature"), Outcome::NoSignature},
    std::pair{std::string_view("only_signature"), Outcome::OnlySignature},
};

Outcome to_outcome(std::string_view text) {
    const auto* const found =
        std::ranges::find(kOutcomes, text, &decltype(kOutcomes)::value_type::first);
    if (found == kOutcomes.end()) throw std::logic_error("not an outcome: " + std::string(text));
    return found->second;
}

}  // namespace

Outcome Triage::change(std::int64_t issue, std::optional<std::int64_t> seen,
                       const IssueChange& change, const Person& by) {
    const auto revision = digits(seen);
    auto& session = database_.session();
    const auto execute = [&](const Statement& statement, const auto&... what) {
        const auto rows = session.execute(statement, issue, nullable(revision), what...,
                                          nullable(by.subject), nullable(by.name));
        return to_outcome(Fields(rows[0]).string());
    };
    const auto& until = change.until;
    const auto occurrences = digits(until.occurrences);
    const auto devices = digits(until.devices);
    std::optional<std::string> time;
    if (until.time) time = std::to_string(until.time->time_since_epoch().count());
    const auto* after = until.version_after ? until.version_after->str().c_str() : nullptr;
    switch (change.kind) {
        case IssueChange::Kind::Resolve:
            return execute(kResolveIssue, TextArray(change.fixed_in).str(), change.fixed_in_next);
        case IssueChange::Kind::Open:
            return execute(kOpenIssue);
        case IssueChange::Kind::Mute:
            return execute(kMuteIssue, until.json, nullable(time), nullable(occurrences),
                           nullable(devices), after);
        case IssueChange::Kind::LinkTicket:
            return execute(kLinkTicket, nullable(change.ticket_url));
    }
    throw std::logic_error("not a change of an issue");
}

Outcome Triage::merge(std::int64_t issue, std::optional<std::int64_t> seen, std::int64_t into,
                      const Person& by) {
    const auto revision = digits(seen);
    const auto rows = database_.session().execute(kMergeIssue, issue, nullable(revision), into,
                                                  nullable(by.subject), nullable(by.name));
    return to_outcome(Fields(rows[0]).string());
}

Triage::Split Triage::split(std::int64_t issue, std::optional<std::int64_t> seen,
                            const std::string& signature, const Person& by) {
    const auto revision = digits(seen);
    const auto rows = database_.session().execute(kSplitIssue, issue, nullable(revision), signature,
                                                  nullable(by.subject), nullable(by.name));
    Fields fields(rows[0]);
    const auto outcome = to_outcome(fields.text());
    return {outcome, fields.optional_integer().value_or(0)};
}

bool Triage::comment(std::int64_t issue, const std::string& text, const Person& by) {
    const auto rows = database_.session().execute(kCommentIssue, issue, text, nullable(by.subject),
                                                  nullable(by.name));
    return Fields(rows[0]).optional_integer().has_value();
}

}  // namespace coredepot::db
