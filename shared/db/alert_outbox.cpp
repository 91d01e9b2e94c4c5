#include "db/alert_outbox.hpp"

#include <array>

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kClaimAlert{"claim_alert", R"(
    SELECT target_id, message_id, lease, uid, event, body, attempt, kind, address, secret, old_secret
      FROM claim_alert($1, $2))"};

constexpr Statement kRecordAlert{"record_alert", R"(
    SELECT record_alert($1, $2, $3, $4, $5::integer, $6, $7, $8, $9))"};

constexpr Statement kNextAlertIn{"next_alert_in", "SELECT next_alert_in()"};

// The timer takes care of what waits longer than this.
constexpr Statement kAlertNews{"alert_news", R"(
    SELECT EXISTS (SELECT FROM alert_targets t JOIN alert_events e ON e.target_id = t.id
                    WHERE t.enabled AND e.held_for IS NULL
                      AND e.due_at > now() AND e.due_at < now() + interval '1 minute'))"};

constexpr Statement kReleaseHeldAlerts{"release_held_alerts", "SELECT release_held_alerts()"};
constexpr Statement kFindSpikes{"find_spikes", "SELECT find_spikes($1, $2)"};
constexpr Statement kWriteDigests{"write_digests", "SELECT write_digests($1::integer)"};
constexpr Statement kTrimAlerts{"trim_alerts", "SELECT trim_alerts()"};

const char* outcome_name(AlertAttempt::Outcome outcome) {
    constexpr std::array kNames = {"delivered", "retry", "given_up", "switched_off"};
    return kNames.at(static_cast<std::size_t>(outcome));
}

}  // namespace

std::optional<AlertClaim> AlertOutbox::claim(std::chrono::seconds lease,
                                             const std::optional<std::string>& base_url) {
    const auto rows = database_.session().execute(
        kClaimAlert, static_cast<std::int64_t>(lease.count()), nullable(base_url));
    if (rows.empty()) return std::nullopt;
    Fields fields(rows[0]);
    return AlertClaim{fields.integer(),        fields.integer(),
                      fields.string(),         fields.string(),
                      fields.string(),         fields.string(),
                      fields.integer<int>(),   alert_kind(fields.text()).value(),
                      fields.string(),         fields.optional_string(),
                      fields.optional_string()};
}

bool AlertOutbox::record(const AlertClaim& claim, const AlertAttempt& attempt) {
    std::optional<std::string> status;
    if (attempt.status) status = std::to_string(*attempt.status);
    const auto rows = database_.session().execute(
        kRecordAlert, claim.target_id, claim.lease, claim.message_id, outcome_name(attempt.outcome),
        nullable(status), attempt.ms, nullable(attempt.error), nullable(attempt.answer),
        attempt.pause);
    return Fields(rows[0]).truth();
}

std::optional<std::chrono::milliseconds> AlertOutbox::next_in() {
    const auto in = Fields(database_.session().execute(kNextAlertIn)[0]).optional_integer();
    if (!in) return std::nullopt;
    return std::chrono::milliseconds(*in);
}

bool AlertOutbox::has_news() {
    return Fields(database_.session().execute(kAlertNews)[0]).truth();
}

void AlertOutbox::look_around(const Watch& watch) {
    auto& session = database_.session();
    session.execute(kReleaseHeldAlerts);
    session.execute(kFindSpikes, watch.spike_occurrences, watch.spike_devices);
    session.execute(kWriteDigests, watch.digest_hour);
    while (Fields(session.execute(kTrimAlerts)[0]).truth()) {
    }
}

}  // namespace coredepot::db
