#include "db/statistics.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kCountCoredumps{"count_coredumps", "SELECT count_coredumps()"};

// The server's clock may have been set back: no age is below zero.
constexpr Statement kCoredumpStatistics{"coredump_statistics", R"(
    SELECT pending, parsed, error, bytes,
           (SELECT coalesce(greatest(extract(epoch FROM now() - min(uploaded_at)), 0), 0) * 1000000
              FROM coredumps WHERE parse_status = 'PENDING')::bigint AS oldest_pending_age,
           (greatest(extract(epoch FROM now() - counted_at), 0) * 1000000)::bigint AS counted_ago
      FROM coredump_statistics)"};

}  // namespace

bool count_coredumps(Database& database) {
    return Fields(database.session().execute(kCountCoredumps)[0]).truth();
}

CoredumpStatistics coredump_statistics(Database& database) {
    const auto rows = database.session().execute(kCoredumpStatistics);
    Fields fields(rows.at(0));
    return {fields.integer<std::uint64_t>(),
            fields.integer<std::uint64_t>(),
            fields.integer<std::uint64_t>(),
            fields.integer<std::uint64_t>(),
            std::chrono::microseconds(fields.integer()),
            std::chrono::microseconds(fields.integer())};
}

}  // namespace coredepot::db
