#include "core/issues/triage.hpp"

#include <algorithm>
#include <set>

#include "core/errors.hpp"
#include "domain/coredump.hpp"
#include "log.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

using Outcome = db::Triage::Outcome;

/// The longest comment, in bytes.
constexpr std::size_t kMaxComment = 10'000;

/// Other signatures are never recorded (sidecar/client.cpp), and the database refuses texts that
/// are not UTF-8.
bool is_signature(const std::string& text) {
    return text.size() <= CrashReport::kMaxSignature &&
           std::ranges::all_of(text, is_base64url_digit);
}

/// Returns if the outcome is Done, and otherwise throws the refusal for it.
void require_done(Outcome outcome, const std::string& issue, const std::string& operation) {
    switch (outcome) {
        case Outcome::Done:
            return;
        case Outcome::Missing:
            throw NotFound("Issue", issue);
        case Outcome::Stale:
            throw PreconditionFailed("The issue was changed meanwhile");
        case Outcome::Merged:
            throw Conflict(operation, "it is part of another issue");
        case Outcome::Resolved:
            throw Conflict(operation, "it is resolved");
        case Outcome::BadVersion:
            throw ValidationFailed(
                "The model has no such version, so its place among the versions is not known");
        case Outcome::Same:
            throw ValidationFailed("into must be another issue");
        case Outcome::OtherModel:
            throw ValidationFailed("into must be an issue of the same model");
        case Outcome::IntoMissing:
            throw ValidationFailed("into must be the id of an issue");
        case Outcome::IntoMerged:
            throw Conflict(operation, "the other is part of another issue");
        case Outcome::NoSignature:
            throw NotFound("Signature of issue", issue);
        case Outcome::OnlySignature:
            throw Conflict(operation, "it has no other signature");
    }
}

}  // namespace

IssueDetail Triage::find(const std::string& reference) {
    if (auto issue = issues_.find(issue_reference(reference))) return *issue;
    throw NotFound("Issue", reference);
}

IssueDetail Triage::change(const std::string& reference, std::optional<std::int64_t> seen,
                           const IssueChange& change, const Person& by) {
    const auto id = find(reference).summary.id;
    require_done(triage_.change(id, seen, change, by), reference, "change the issue");
    return find(std::to_string(id));
}

IssueDetail Triage::merge(const std::string& reference, std::optional<std::int64_t> seen,
                          std::int64_t into, const Person& by) {
    const auto id = find(reference).summary.id;
    require_done(triage_.merge(id, seen, into, by), reference, "merge the issue");
    log::info("an issue was merged", {{"issue", id}, {"into", into}});
    return find(std::to_string(id));
}

IssueDetail Triage::split(const std::string& reference, std::optional<std::int64_t> seen,
                          const std::string& signature, const Person& by) {
    const auto id = find(reference).summary.id;
    if (!is_signature(signature)) throw NotFound("Signature", signature);
    const auto split = triage_.split(id, seen, signature, by);
    if (split.outcome == Outcome::NoSignature) throw NotFound("Signature", signature);
    require_done(split.outcome, reference, "split the issue");
    log::info("an issue was split", {{"issue", id}, {"made", split.made}});
    return find(std::to_string(split.made));
}

void Triage::comment(const std::string& reference, const std::string& text, const Person& by) {
    const bool is_text = is_utf8(text) && text.find('\0') == std::string::npos;
    if (text.empty() || character_count(text) > kMaxComment || !is_text) {
        throw ValidationFailed("comment must be text of 1 to 10000 characters");
    }
    if (!triage_.comment(find(reference).summary.id, text, by)) throw NotFound("Issue", reference);
}

Triage::Bulk Triage::change_all(const std::vector<std::int64_t>& ids, const IssueChange& change,
                                const Person& by) {
    if (ids.empty() || ids.size() > kMostAtOnce) {
        throw ValidationFailed("ids must be 1 to 1000 ids of issues");
    }
    Bulk bulk;
    for (const auto id : std::set<std::int64_t>(ids.begin(), ids.end())) {
        try {
            require_done(triage_.change(id, std::nullopt, change, by), std::to_string(id),
                         "change the issue");
            ++bulk.changed;
        } catch (const Refusal& refusal) {
            bulk.refused.push_back({id, refusal.what()});
        }
    }
    return bulk;
}

}  // namespace coredepot::core
