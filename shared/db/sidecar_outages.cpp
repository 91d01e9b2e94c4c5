#include "db/sidecar_outages.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

// One statement, because with two, two runners could take the same turn.
constexpr Statement kFindOutage{"find_outage", R"(
    WITH turn AS (
      UPDATE sidecar_outages SET ask_next_at = now() + $2::bigint * interval '1 second'
       WHERE sidecar = $1
         AND ask_next_at NOT BETWEEN now() AND now() + $3::bigint * interval '1 second'
      RETURNING sidecar
    )
    SELECT failures, EXISTS (SELECT FROM turn) AS our_turn
      FROM sidecar_outages WHERE sidecar = $1)"};

constexpr Statement kRecordOutage{"record_outage", R"(
    INSERT INTO sidecar_outages (sidecar, failures, ask_next_at)
    VALUES ($1, 1, now() + $2::bigint * interval '1 second')
        ON CONFLICT (sidecar) DO UPDATE
       SET failures = sidecar_outages.failures + 1, ask_next_at = excluded.ask_next_at)"};

constexpr Statement kPassTurn{"pass_turn", R"(
    UPDATE sidecar_outages SET ask_next_at = now() WHERE sidecar = $1)"};

constexpr Statement kEndOutage{"end_outage", R"(
    DELETE FROM sidecar_outages WHERE sidecar = $1)"};

}  // namespace

std::optional<SidecarOutage> SidecarOutages::find(const std::string& sidecar,
                                                  std::chrono::seconds turn,
                                                  std::chrono::seconds longest) {
    const auto rows =
        database_.session().execute(kFindOutage, sidecar, static_cast<std::int64_t>(turn.count()),
                                    static_cast<std::int64_t>(longest.count()));
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return SidecarOutage{fields.integer<int>(), fields.truth()};
}

void SidecarOutages::record(const std::string& sidecar, std::chrono::seconds pause) {
    database_.session().execute(kRecordOutage, sidecar, static_cast<std::int64_t>(pause.count()));
}

void SidecarOutages::pass_turn(const std::string& sidecar) {
    database_.session().execute(kPassTurn, sidecar);
}

void SidecarOutages::end(const std::string& sidecar) {
    database_.session().execute(kEndOutage, sidecar);
}

}  // namespace coredepot::db
