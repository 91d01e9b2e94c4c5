#include "db/coredump_search.hpp"

#include "db/coredump_rows.hpp"
#include "db/session.hpp"

namespace coredepot::db {
namespace {

// The first fifteen columns are those of to_summary().
constexpr Statement kFindCoredumps{"find_coredumps", R"(
    SELECT c.id, c.device_id, c.filename, c.chip, c.firmware_version, c.size, c.parse_status,
           c.uploaded_at, c.parsed_at, c.created_at, c.signature, c.title, c.attempts,
           CASE WHEN c.parse_status = 'PENDING' THEN c.next_attempt_at END AS next_attempt_at,
           c.file_expired_at, found.is_match
      FROM find_coredumps($1, $2, $3, $4, $5, from_microseconds($6), from_microseconds($7),
                          from_microseconds($8), $9, $10) AS found
      JOIN coredumps c ON c.id = found.coredump_id
     ORDER BY found.place)"};

}  // namespace

CoredumpSearch::Found CoredumpSearch::find(const Filter& filter,
                                           const std::optional<CoredumpPosition>& after,
                                           std::int64_t limit) {
    const auto issue = digits(filter.issue);
    const auto device = digits(filter.device);
    const auto model = digits(filter.device_model_id);
    const auto from = digits(filter.from);
    const auto to = digits(filter.to);
    std::optional<std::string> before_at;
    std::optional<std::string> before_id;
    if (after) {
        before_at = digits(std::optional(after->uploaded_at));
        before_id = std::to_string(after->id);
    }
    Found found;
    std::optional<CoredumpPosition> looked_to;
    const auto count = static_cast<std::size_t>(limit);
    for (const auto& row : database_.session().execute(
             kFindCoredumps, nullable(issue), nullable(device), nullable(model),
             nullable(filter.version), nullable(filter.status), nullable(from), nullable(to),
             nullable(before_at), nullable(before_id), limit + 1)) {
        Fields fields(row);
        auto coredump = to_summary(fields);
        const CoredumpPosition position{coredump.uploaded_at, coredump.id};
        if (!fields.truth()) {
            looked_to = position;
        } else if (found.coredumps.size() < count) {
            found.coredumps.push_back(std::move(coredump));
        } else {
            const auto& last = found.coredumps.back();
            found.next = CoredumpPosition{last.uploaded_at, last.id};
        }
    }
    if (!found.next) found.next = looked_to;
    return found;
}

}  // namespace coredepot::db
