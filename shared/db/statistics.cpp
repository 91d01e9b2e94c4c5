#include "db/statistics.hpp"

#include "db/session.hpp"
#include "domain/time.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kCountCoredumps{"count_coredumps", "SELECT count_coredumps()"};

// The server's clock may have been set back, so ages are never below zero.
constexpr Statement kCoredumpStatistics{"coredump_statistics", R"(
    SELECT pending, parsed, error, bytes,
           (SELECT coalesce(greatest(extract(epoch FROM now() - min(uploaded_at)), 0), 0) * 1000000
              FROM coredumps WHERE parse_status = 'PENDING')::bigint AS oldest_pending_age,
           (greatest(extract(epoch FROM now() - counted_at), 0) * 1000000)::bigint AS counted_ago,
           ahead,
           (SELECT coalesce(greatest(extract(epoch FROM max(uploaded_at) - now()), 0), 0) * 1000000
              FROM coredumps WHERE parse_status = 'PENDING')::bigint AS pending_ahead,
           microseconds(clock_timestamp()) AS clock
      FROM coredump_statistics)"};

}  // namespace

bool count_coredumps(Database& database) {
    return Fields(database.session().execute(kCountCoredumps)[0]).truth();
}

CoredumpStatistics coredump_statistics(Database& database) {
    using std::chrono::microseconds;
    auto& session = database.session();
    const auto asked = now();
    const auto rows = session.execute(kCoredumpStatistics);
    const auto halfway = asked + (now() - asked) / 2;
    Fields fields(rows.at(0));
    return {fields.integer<std::uint64_t>(),
            fields.integer<std::uint64_t>(),
            fields.integer<std::uint64_t>(),
            fields.integer<std::uint64_t>(),
            microseconds(fields.integer()),
            microseconds(fields.integer()),
            fields.integer<std::uint64_t>(),
            microseconds(fields.integer()),
            halfway - Timestamp(microseconds(fields.integer()))};
}

}  // namespace coredepot::db
