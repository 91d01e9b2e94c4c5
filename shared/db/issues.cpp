#include "db/issues.hpp"

#include <algorithm>

#include "db/session.hpp"
#include "db/sparkline.hpp"

namespace coredepot::db {
namespace {

// The first columns of each statement are those of to_issue_summary().
constexpr Statement kListIssues{"list_issues", R"(
    WITH page AS MATERIALIZED (
      SELECT id, value
        FROM find_issues($1, $2, $3, $4, $5, $6, $7, $8, $9, from_microseconds($10), $11, $12, $13, $14)
    )
    SELECT i.id, i.name, i.model, i.title, i.kind, i.quality, i.state, i.reason, i.devices, i.occurrences,
           i.kept, i.unverified, microseconds(i.first_seen), microseconds(i.last_seen), i.first_version,
           i.last_version, i.fixed_in, i.fixed_in_next,
           i.regressed_in, i.recent_hours, i.hours_ago, i.revision, page.value
      FROM page JOIN issue_summaries i ON i.id = page.id
     ORDER BY page.value DESC, page.id DESC)"};

// A row for each of its signatures, or one if it has none. Whether one of them is in another model,
// too, is asked here; in which issues is asked only if so.
constexpr Statement kFindIssue{"find_issue", R"(
    SELECT i.id, i.name, i.model, i.title, i.kind, i.quality, i.state, i.reason, i.devices, i.occurrences,
           i.kept, i.unverified, microseconds(i.first_seen), microseconds(i.last_seen), i.first_version,
           i.last_version, i.fixed_in, i.fixed_in_next,
           i.regressed_in, i.recent_hours, i.hours_ago, i.revision,
           i.mute, i.ticket_url, i.merged_into,
           s.id, s.signature, s.title, to_json(s.functions), s.quality, s.occurrences,
           (SELECT true FROM signatures other WHERE other.signature = s.signature AND other.id <> s.id LIMIT 1)
      FROM issue_summaries i LEFT JOIN signatures s ON s.issue_id = i.id
     WHERE i.id = $1)"};

// A signature is once in each model.
constexpr Statement kIssuesElsewhere{"issues_elsewhere", R"(
    SELECT coalesce(json_agg(json_build_object('id', o.id, 'name', issue_name(m.code, o.number),
                                               'model', m.code) ORDER BY o.id), '[]')
      FROM (SELECT DISTINCT other.issue_id FROM signatures s
              JOIN signatures other ON other.signature = s.signature AND other.id <> s.id
             WHERE s.issue_id = $1) AS equal
      JOIN issues o ON o.id = equal.issue_id
      JOIN device_models m ON m.id = o.device_model_id)"};

constexpr Statement kIssueExists{"issue_exists", "SELECT id FROM issues WHERE id = $1"};

constexpr Statement kIssueNamed{"issue_named", R"(
    SELECT i.id FROM issues i JOIN device_models m ON m.id = i.device_model_id
     WHERE m.code = $1 AND i.number = $2)"};

constexpr Statement kIssueVersions{"issue_versions", R"(
    SELECT v.version, i.devices, i.occurrences
      FROM issue_versions i JOIN model_versions v ON v.id = i.version_id
     WHERE i.issue_id = $1
     ORDER BY v.epoch, v.sort_key, v.id)"};

// Taking that many of each signature is enough for that many in total.
constexpr Statement kIssueDevices{"issue_devices", R"(
    SELECT d.device_id, (SELECT key FROM devices WHERE id = d.device_id), sum(d.occurrences),
           microseconds(max(d.last_seen))
      FROM signatures s
     CROSS JOIN LATERAL (
       SELECT x.device_id, sum(x.occurrences) AS occurrences, max(x.last_seen) AS last_seen
         FROM signature_devices x
        WHERE x.signature_id = s.id AND x.device_id > $2
        GROUP BY x.device_id ORDER BY x.device_id LIMIT $3::bigint) AS d
     WHERE s.issue_id = $1
     GROUP BY d.device_id ORDER BY d.device_id LIMIT $3::bigint)"};

constexpr Statement kIssueSeries{"issue_series", R"(
    SELECT (SELECT coalesce(json_agg(json_build_object(
                     'at', to_char(h.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"'),
                     'occurrences', h.occurrences) ORDER BY h.hour), '[]')
              FROM (SELECT x.hour, sum(x.occurrences) AS occurrences
                      FROM signatures s JOIN signature_hours x ON x.signature_id = s.id
                     WHERE s.issue_id = $1 GROUP BY x.hour) AS h WHERE h.occurrences > 0),
           (SELECT coalesce(json_agg(json_build_object('day', d.day, 'occurrences', d.occurrences)
                                     ORDER BY d.day), '[]')
              FROM (SELECT x.day, sum(x.occurrences) AS occurrences
                      FROM signatures s JOIN signature_days x ON x.signature_id = s.id
                     WHERE s.issue_id = $1 GROUP BY x.day) AS d WHERE d.occurrences > 0))"};

constexpr Statement kIssueHistory{"issue_history", R"(
    SELECT id, microseconds(at), event, by_sub, by_name, version, coredump_id, comment
      FROM issue_history
     WHERE issue_id = $1 AND id < coalesce($2::bigint, 9223372036854775807)
     ORDER BY id DESC
     LIMIT $3::bigint)"};

constexpr Statement kSimilarIssues{"similar_issues", R"(
    WITH alike AS MATERIALIZED (SELECT issue_id, likeness FROM similar_issues($1, 20))
    SELECT i.id, i.name, i.model, i.title, i.kind, i.quality, i.state, i.reason, i.devices, i.occurrences,
           i.kept, i.unverified, microseconds(i.first_seen), microseconds(i.last_seen), i.first_version,
           i.last_version, i.fixed_in, i.fixed_in_next,
           i.regressed_in, i.recent_hours, i.hours_ago, i.revision
      FROM alike JOIN issue_summaries i ON i.id = alike.issue_id
     ORDER BY alike.likeness DESC, i.id)"};

std::string read_sparkline(Fields& fields) {
    const auto hours = fields.optional_text();
    const auto ago = fields.optional_integer();  // null: there are no hours
    return to_sparkline(hours.value_or(""), ago.value_or(0));
}

IssueSummary to_issue_summary(Fields& fields) {
    return {fields.integer(),
            fields.string(),
            fields.string(),
            fields.optional_string(),
            fields.string(),
            fields.string(),
            fields.string(),
            fields.optional_string(),
            fields.integer(),
            fields.integer(),
            fields.integer(),
            fields.integer(),
            fields.optional_timestamp(),
            fields.optional_timestamp(),
            fields.optional_string(),
            fields.optional_string(),
            fields.string(),
            fields.truth(),
            fields.optional_string(),
            read_sparkline(fields),
            fields.integer()};
}

}  // namespace

std::vector<Issues::Placed> Issues::list(const IssueFilter& filter,
                                         const std::optional<IssuePosition>& after,
                                         std::int64_t limit) {
    const auto model = digits(filter.device_model_id);
    const auto seen_after = digits(filter.seen_after);
    const auto min_devices = digits(filter.min_devices);
    std::optional<std::string> after_value;
    std::optional<std::string> after_id;
    if (after) {
        after_value = std::to_string(after->value);
        after_id = std::to_string(after->id);
    }
    std::vector<Placed> issues;
    for (const auto& row : database_.session().execute(
             kListIssues, filter.sort, nullable(model), nullable(filter.state), filter.regressed,
             filter.still_seen, nullable(filter.version), nullable(filter.kind),
             nullable(filter.text), nullable(filter.function), nullable(seen_after),
             nullable(min_devices), nullable(after_value), nullable(after_id), limit)) {
        Fields fields(row);
        auto issue = to_issue_summary(fields);
        const auto id = issue.id;
        issues.push_back({std::move(issue), {fields.integer(), id}});
    }
    return issues;
}

std::optional<std::int64_t> Issues::id_of(const IssueReference& issue) {
    auto& session = database_.session();
    const auto rows = issue.model ? session.execute(kIssueNamed, issue.model->str(), issue.number)
                                  : session.execute(kIssueExists, issue.id);
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return fields.integer();
}

std::optional<IssueDetail> Issues::find(const IssueReference& issue) {
    const auto id = issue.model ? id_of(issue) : issue.id;
    if (!id) return std::nullopt;
    auto& session = database_.session();
    const auto rows = session.execute(kFindIssue, *id);
    if (rows.empty()) return std::nullopt;
    std::optional<IssueDetail> detail;
    bool is_elsewhere = false;
    for (const auto& row : rows) {
        Fields fields(row);
        auto summary = to_issue_summary(fields);
        auto mute = fields.optional_string();
        auto ticket_url = fields.optional_string();
        const auto merged_into = fields.optional_integer();
        if (!detail) {
            detail = IssueDetail{std::move(summary),    {},          std::move(mute),
                                 std::move(ticket_url), merged_into, "[]"};
        }
        if (const auto signature = fields.optional_integer()) {
            detail->signatures.push_back({*signature, fields.string(), fields.optional_string(),
                                          fields.string(), fields.string(), fields.integer()});
            is_elsewhere |= fields.optional_text().has_value();
        }
    }
    std::ranges::sort(detail->signatures, {}, &IssueSignature::id);
    if (is_elsewhere) {
        const auto elsewhere = session.execute(kIssuesElsewhere, *id);
        Fields fields(elsewhere[0]);
        detail->elsewhere = fields.string();
    }
    return detail;
}

std::vector<IssueVersion> Issues::versions(std::int64_t issue) {
    std::vector<IssueVersion> versions;
    for (const auto& row : database_.session().execute(kIssueVersions, issue)) {
        Fields fields(row);
        versions.push_back({fields.string(), fields.integer(), fields.integer()});
    }
    return versions;
}

std::vector<IssueDevice> Issues::devices(std::int64_t issue, std::int64_t after,
                                         std::int64_t limit) {
    std::vector<IssueDevice> devices;
    for (const auto& row : database_.session().execute(kIssueDevices, issue, after, limit)) {
        Fields fields(row);
        devices.push_back(
            {fields.integer(), fields.optional_string(), fields.integer(), fields.timestamp()});
    }
    return devices;
}

IssueSeries Issues::series(std::int64_t issue) {
    const auto rows = database_.session().execute(kIssueSeries, issue);
    Fields fields(rows[0]);
    return {fields.string(), fields.string()};
}

std::vector<IssueEvent> Issues::history(std::int64_t issue, std::optional<std::int64_t> before,
                                        std::int64_t limit) {
    const auto id = digits(before);
    std::vector<IssueEvent> events;
    for (const auto& row : database_.session().execute(kIssueHistory, issue, nullable(id), limit)) {
        Fields fields(row);
        events.push_back({fields.integer(), fields.timestamp(), fields.string(),
                          fields.optional_string(), fields.optional_string(),
                          fields.optional_string(), fields.optional_integer(),
                          fields.optional_string()});
    }
    return events;
}

std::vector<IssueSummary> Issues::similar(std::int64_t issue) {
    std::vector<IssueSummary> issues;
    for (const auto& row : database_.session().execute(kSimilarIssues, issue)) {
        Fields fields(row);
        issues.push_back(to_issue_summary(fields));
    }
    return issues;
}

}  // namespace coredepot::db
