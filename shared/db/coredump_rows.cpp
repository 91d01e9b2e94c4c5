#include "db/coredump_rows.hpp"

namespace coredepot::db {
namespace {

// The first fifteen columns are those of to_summary().
constexpr Statement kCoredumpOfDevice{"coredump_of_device", R"(
    SELECT c.id, c.device_id, c.filename, c.chip, c.firmware_version, c.size, c.parse_status,
           uploaded_at, parsed_at, c.created_at, c.signature, c.title, c.attempts,
           CASE WHEN parse_status = 'PENDING' THEN next_attempt_at END AS next_attempt_at,
           file_expired_at,
           parsed_output, updated_at, report, last_error,
           CASE WHEN lease IS NOT NULL THEN microseconds(next_attempt_at) END AS lease_ends_at,
           leased_by, counted.issue_id, counted.issue_name, counted.version,
           CASE WHEN parse_status = 'PARSED' THEN packed_result END AS packed
      FROM coredumps c
      LEFT JOIN LATERAL (
        SELECT i.id AS issue_id, issue_name(m.code, i.number) AS issue_name, v.version
          FROM occurrences o
          JOIN signatures s ON s.id = o.signature_id
          JOIN issues i ON i.id = s.issue_id
          JOIN device_models m ON m.id = i.device_model_id
          LEFT JOIN model_versions v ON v.id = o.version_id
         WHERE o.coredump_id = c.id) AS counted ON true
     WHERE c.id = $2 AND c.device_id = coalesce($1, c.device_id))"};

std::optional<Lease> to_lease(Fields& fields) {
    const auto ends_at = fields.optional_timestamp();
    auto holder = fields.optional_string().value_or("");
    if (!ends_at) return std::nullopt;
    return Lease{std::move(holder), *ends_at};
}

std::optional<CoredumpIssue> to_issue(Fields& fields) {
    const auto id = fields.optional_integer();
    auto name = fields.optional_string();
    if (!id) return std::nullopt;
    return CoredumpIssue{*id, std::move(name).value()};
}

CoredumpDetail to_detail(Fields& fields) {
    CoredumpDetail detail{
        to_summary(fields),       fields.optional_string(), fields.moment(),
        fields.optional_string(), fields.optional_string(), to_lease(fields),
        to_issue(fields),         fields.optional_string(), fields.optional_bytes()};
    if (detail.summary.parse_status == ParseStatus::Pending) {
        detail.parsed_output.reset();
        detail.report.reset();
    }
    if (detail.packed) detail.parsed_output.reset();
    return detail;
}

template <class Executor>
std::optional<CoredumpDetail> find(Executor& executor, const std::optional<std::int64_t>& device_id,
                                   std::int64_t id) {
    const auto device = digits(device_id);
    const auto rows = executor.execute(kCoredumpOfDevice, nullable(device), id);
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return to_detail(fields);
}

}  // namespace

CoredumpSummary to_summary(Fields& fields) {
    CoredumpSummary coredump{fields.integer(),
                             fields.integer(),
                             fields.name<DumpFilename>(),
                             fields.string(),
                             fields.string(),
                             fields.integer(),
                             parse_status_from(fields.text()),
                             fields.moment(),
                             fields.optional_moment(),
                             fields.moment(),
                             fields.optional_string(),
                             fields.optional_string(),
                             fields.integer<int>(),
                             fields.optional_moment(),
                             fields.optional_moment()};
    if (coredump.parse_status == ParseStatus::Pending) {
        // The row still has the time of the previous parse.
        coredump.parsed_at.reset();
        coredump.signature.reset();
        coredump.title.reset();
    }
    return coredump;
}

std::optional<CoredumpDetail> find_detail(Session& session,
                                          const std::optional<std::int64_t>& device_id,
                                          std::int64_t id) {
    return find(session, device_id, id);
}

std::optional<CoredumpDetail> find_detail(Session::Transaction& transaction,
                                          const std::optional<std::int64_t>& device_id,
                                          std::int64_t id) {
    return find(transaction, device_id, id);
}

}  // namespace coredepot::db
