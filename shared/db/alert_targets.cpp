#include "db/alert_targets.hpp"

#include <stdexcept>

#include "db/session.hpp"
#include "db/text_array.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kListAlertTargets{"list_alert_targets", R"(
    SELECT id, name, kind, shown_address, array_to_json(events::text[]), array_to_json(models), min_devices, enabled,
           switched_off, is_rotating, waiting, microseconds(failing_since), last_error,
           microseconds(last_delivered_at), microseconds(created_at)
      FROM alert_target_summaries ORDER BY id)"};

constexpr Statement kFindAlertTarget{"find_alert_target", R"(
    SELECT id, name, kind, shown_address, array_to_json(events::text[]), array_to_json(models), min_devices, enabled,
           switched_off, is_rotating, waiting, microseconds(failing_since), last_error,
           microseconds(last_delivered_at), microseconds(created_at)
      FROM alert_target_summaries WHERE id = $1)"};

constexpr Statement kCountAlertTargets{"count_alert_targets", "SELECT count(*) FROM alert_targets"};

constexpr Statement kInsertAlertTarget{"insert_alert_target", R"(
    INSERT INTO alert_targets (name, kind, address, shown_address, secret, events, models, min_devices, enabled)
    VALUES ($1, $2, $3, $4, $5, $6::text[]::alert_event[], $7::text[], $8::bigint, $9::boolean)
    RETURNING id)"};

// Waiting messages are tried at once: they may be the reason for the change.
constexpr Statement kChangeAlertTarget{"change_alert_target", R"(
    WITH changed AS (
      UPDATE alert_targets t
         SET name = coalesce($2, name), address = coalesce($3, address),
             shown_address = coalesce($4, shown_address),
             old_secret = CASE WHEN $5::text <> secret THEN secret ELSE old_secret END,
             old_secret_until = CASE WHEN $5::text <> secret THEN now() + interval '1 day'
                                     ELSE old_secret_until END,
             secret = coalesce($5::text, secret), events = coalesce($6::text[]::alert_event[], events),
             models = CASE WHEN $7::boolean THEN $8::text[] ELSE models END,
             min_devices = coalesce($9::bigint, min_devices), enabled = coalesce($10::boolean, enabled),
             switched_off = switched_off AND $10::boolean IS NULL,
             updated_at = now()
       WHERE id = $1
      RETURNING id
    ), hurried AS (
      UPDATE alert_messages m SET next_attempt_at = now()
       WHERE m.target_id = $1 AND m.done_at IS NULL AND m.next_attempt_at > now()
    )
    SELECT id FROM changed)"};

constexpr Statement kDeleteAlertTarget{"delete_alert_target",
                                       "DELETE FROM alert_targets WHERE id = $1 RETURNING id"};

constexpr Statement kTestAlert{"test_alert", "SELECT test_alert($1)"};

constexpr Statement kListAlertDeliveries{"list_alert_deliveries", R"(
    SELECT d.id, microseconds(d.at), m.uid, m.event, array_to_json(m.issues), d.attempt, d.outcome, d.status, d.ms,
           d.error, d.answer
      FROM alert_deliveries d JOIN alert_messages m ON m.id = d.message_id
     WHERE d.target_id = $1 AND d.id < coalesce($2::bigint, 9223372036854775807)
     ORDER BY d.id DESC
     LIMIT $3::bigint)"};

constexpr Statement kUnknownModels{"unknown_models", R"(
    SELECT c.code FROM unnest($1::text[]) AS c (code)
     WHERE NOT EXISTS (SELECT FROM device_models m WHERE m.code = c.code))"};

constexpr Statement kAlertState{"alert_state", R"(
    SELECT count(*) FILTER (WHERE t.enabled AND NOT coalesce(t.failing_since < now() - interval '1 day', false)),
           count(*) FILTER (WHERE t.enabled AND t.failing_since < now() - interval '1 day'),
           count(*) FILTER (WHERE t.switched_off),
           (SELECT waiting FROM alert_backlog),
           (SELECT coalesce(greatest(extract(epoch FROM now() - oldest), 0), 0)::bigint FROM alert_backlog)
      FROM alert_targets t)"};

constexpr Statement kDoAlertsFail{"do_alerts_fail", R"(
    SELECT bool_or(t.switched_off OR coalesce(t.enabled AND t.failing_since < now() - interval '1 day', false))
      FROM alert_targets t WHERE t.enabled OR t.switched_off)"};

AlertKind to_kind(std::string_view name) {
    if (const auto kind = alert_kind(name)) return *kind;
    throw std::logic_error("not a kind of target: " + std::string(name));
}

AlertTarget to_target(const pqxx::row& row) {
    Fields fields(row);
    return {fields.integer(),         fields.string(),
            to_kind(fields.text()),   fields.string(),
            fields.string(),          fields.optional_string(),
            fields.integer(),         fields.truth(),
            fields.truth(),           fields.truth(),
            fields.integer(),         fields.optional_timestamp(),
            fields.optional_string(), fields.optional_timestamp(),
            fields.timestamp()};
}

std::string to_text_array(const std::vector<std::string>& texts) {
    TextArray array;
    for (const auto& text : texts) array.add(text);
    return array.str();
}

std::optional<std::string> bound_array(const std::optional<std::vector<std::string>>& texts) {
    if (!texts) return std::nullopt;
    return to_text_array(*texts);
}

}  // namespace

std::vector<AlertTarget> AlertTargets::list() {
    std::vector<AlertTarget> targets;
    for (const auto& row : database_.session().execute(kListAlertTargets)) {
        targets.push_back(to_target(row));
    }
    return targets;
}

std::optional<AlertTarget> AlertTargets::find(std::int64_t id) {
    const auto rows = database_.session().execute(kFindAlertTarget, id);
    if (rows.empty()) return std::nullopt;
    return to_target(rows[0]);
}

std::int64_t AlertTargets::count() {
    return Fields(database_.session().execute(kCountAlertTargets)[0]).integer();
}

std::int64_t AlertTargets::insert(const AlertTargetChange& target) {
    const auto models = bound_array(target.models.value());
    const std::string kind(name_of(target.kind.value()));
    const auto rows = database_.session().execute(
        kInsertAlertTarget, target.name.value(), kind, target.address.value(),
        target.shown_address.value(), nullable(target.secret), to_text_array(target.events.value()),
        nullable(models), target.min_devices.value(), target.enabled.value());
    return Fields(rows[0]).integer();
}

bool AlertTargets::change(std::int64_t id, const AlertTargetChange& change) {
    const auto events = bound_array(change.events);
    const auto models = bound_array(change.models.value_or(std::nullopt));
    const auto min_devices = digits(change.min_devices);
    std::optional<std::string> enabled;
    if (change.enabled) enabled = *change.enabled ? "true" : "false";
    const auto rows = database_.session().execute(
        kChangeAlertTarget, id, nullable(change.name), nullable(change.address),
        nullable(change.shown_address), nullable(change.secret), nullable(events),
        change.models.has_value(), nullable(models), nullable(min_devices), nullable(enabled));
    return !rows.empty();
}

bool AlertTargets::remove(std::int64_t id) {
    return !database_.session().execute(kDeleteAlertTarget, id).empty();
}

std::optional<std::string> AlertTargets::test(std::int64_t id) {
    return Fields(database_.session().execute(kTestAlert, id)[0]).optional_string();
}

std::vector<AlertDelivery> AlertTargets::deliveries(std::int64_t id,
                                                    std::optional<std::int64_t> before,
                                                    std::int64_t most) {
    const auto position = digits(before);
    std::vector<AlertDelivery> deliveries;
    for (const auto& row :
         database_.session().execute(kListAlertDeliveries, id, nullable(position), most)) {
        Fields fields(row);
        deliveries.push_back({fields.integer(), fields.timestamp(), fields.string(),
                              fields.string(), fields.string(), fields.integer(), fields.string(),
                              fields.optional_integer(), fields.integer(), fields.optional_string(),
                              fields.optional_string()});
    }
    return deliveries;
}

std::vector<std::string> AlertTargets::unknown_models(const std::vector<std::string>& codes) {
    std::vector<std::string> unknown;
    for (const auto& row : database_.session().execute(kUnknownModels, to_text_array(codes))) {
        unknown.push_back(Fields(row).string());
    }
    return unknown;
}

std::optional<bool> do_alerts_fail(Database& database) {
    Fields fields(database.session().execute(kDoAlertsFail)[0]);  // the text lives in it
    const auto fail = fields.optional_text();
    if (!fail) return std::nullopt;
    return *fail == "t";
}

AlertState alert_state(Database& database) {
    Fields fields(database.session().execute(kAlertState)[0]);
    return {fields.integer(), fields.integer(), fields.integer(), fields.integer(),
            fields.integer()};
}

}  // namespace coredepot::db
