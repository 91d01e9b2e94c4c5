// No statement may read all of a table that grows with the fleet.

#include <deque>
#include <set>

#include "db/session.hpp"
#include "statements_test.hpp"
#include "support/json_value.hpp"

namespace coredepot::db {
namespace {

using Names = std::set<std::string>;

/// Tables that grow with the fleet and its crashes.
const std::set<std::string> kGrowing = {
    "devices",         "coredumps",         "firmware_versions", "deleted_coredumps",
    "issues",          "signatures",        "occurrences",       "issue_history",
    "issue_versions",  "signature_devices", "signature_hours",   "signature_days",
    "version_devices", "running_versions",  "model_versions",    "alert_events",
    "alert_messages",  "alert_deliveries"};

/// What may be walked.
const Names kWalked = {
    "requeue_firmware_arrived on coredumps",  // by an index of those that wait, which are few
    "count_firmware_arrived on coredumps",    // the same
    "requeue_elf_arrived on coredumps",       // the same
    "list_model_versions on coredumps",       // the same
    "alert_state on alert_events",            // by indexes of those that wait
    "alert_state on alert_messages",
};

/// Whether a part of a plan takes rows from the beginning of an index and no others.
bool takes_first_of_index(const test::JsonValue& node) {
    if (node.at("Node Type").text() != "Limit") return false;
    const auto source = node.at("Plans").at(0);
    return source.at("Node Type").text().starts_with("Index") && !source.has("Filter");
}

/// `{statement} on {table}` for each table that grows in a part of a plan that looks for nothing.
void add_walks(const test::JsonValue& node, const std::string& statement, Names& walks) {
    if (node.has("Relation Name") && kGrowing.contains(node.at("Relation Name").text()) &&
        node.at("Node Type").text().find("Scan") != std::string::npos && !node.has("Index Cond") &&
        !node.has("Recheck Cond") && !node.has("TID Cond")) {
        walks.insert(statement + " on " + node.at("Relation Name").text());
    }
    if (!node.has("Plans") || takes_first_of_index(node)) return;
    const auto parts = node.at("Plans");
    for (std::size_t i = 0; i < parts.size(); ++i) add_walks(parts.at(i), statement, walks);
}

/// As planned for parameters that are not known yet.
Names walks_of_all(Database& database) {
    constexpr Statement kPrepared{
        "prepared", "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements"};
    Names walks;
    std::deque<std::string> texts;
    for (const auto& row : database.session().execute(kPrepared)) {
        Fields fields(row);
        const auto name = fields.string();
        std::string nulls;
        for (auto count = fields.integer(); count > 0; --count) {
            nulls += nulls.empty() ? "(NULL" : ", NULL";
        }
        if (!nulls.empty()) nulls += ')';
        texts.push_back("explain_" + name);
        texts.push_back("EXPLAIN (FORMAT JSON) EXECUTE " + name + nulls);
        const Statement explain{texts[texts.size() - 2].c_str(), texts.back().c_str()};
        const auto plan = database.session().execute(explain);
        add_walks(test::JsonValue::parse(plan[0][0].c_str()).at(0).at("Plan"), name, walks);
    }
    return walks;
}

constexpr Statement kPlanOnce{"plan_once",
                              "SELECT set_config('plan_cache_mode', 'force_generic_plan', false)"};

TEST_F(StatementsTest, NoneWalksATableThatGrows) {
    writing.session().execute(kPlanOnce);
    execute_all();
    // Enough for the planner to see what is many and what is few.
    sql(R"(
        INSERT INTO device_models (code, name)
        SELECT 'm' || i, 'M' FROM generate_series(1, 20) i;
        INSERT INTO firmware_versions (device_model_id, version, elf_sha256, bin_sha256)
        SELECT m.id, i, repeat('a', 64), repeat('b', 64)
          FROM device_models m, generate_series(1, 20) i;
        INSERT INTO devices (key, device_model_id)
        SELECT lpad((m.id * 1000 + i)::text, 8, '0'), m.id
          FROM device_models m, generate_series(1, 100) i;
        INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at,
                               parse_status, parsed_output)
        SELECT d.id, 'coredump_20260211T143000_' || lpad(i::text, 6, '0') || 'Z.dmp', 'esp32', '1',
               1, now() - i * interval '1 hour', CASE i WHEN 1 THEN 'PENDING' ELSE 'ERROR' END,
               CASE i WHEN 1 THEN NULL ELSE 'x' END
          FROM devices d, generate_series(1, 10) i;
        INSERT INTO model_versions (device_model_id, version, epoch, sort_key)
        SELECT m.id, i, 1, version_sort_key(i::text)
          FROM device_models m, generate_series(1, 20) i ON CONFLICT DO NOTHING;
        INSERT INTO issues (device_model_id, number, occurrences, devices, new_version_id)
        SELECT v.device_model_id, row_number() OVER (), 1, 1, v.id
          FROM model_versions v, generate_series(1, 20) i;
        INSERT INTO signatures (device_model_id, signature, issue_id, functions)
        SELECT device_model_id, 's' || id, id, ARRAY['f' || id] FROM issues;
        INSERT INTO occurrences (coredump_id, signature_id, device_id, at, verified, gone)
        SELECT c.id, s.id, c.device_id, c.uploaded_at, true, c.id % 1000 = 0
          FROM coredumps c JOIN signatures s ON s.id % 8000 = c.id % 8000
            ON CONFLICT DO NOTHING;
        INSERT INTO signature_hours SELECT s.id, date_trunc('hour', now()) - i * interval '1 hour', 1
          FROM signatures s, generate_series(1, 5) i;
        INSERT INTO signature_days SELECT s.id, current_date - i, 1
          FROM signatures s, generate_series(1, 5) i;
        INSERT INTO signature_devices SELECT s.id, i, 0, 1, 1, now()
          FROM signatures s, generate_series(1, 5) i;
        INSERT INTO issue_versions SELECT i.id, i.new_version_id, 1, 1, 1 FROM issues i;
        INSERT INTO issue_history (issue_id, event) SELECT id, 'created' FROM issues;
        INSERT INTO alert_targets (name, kind, address, shown_address, events)
        SELECT i, 'slack', 'x', 'x', '{digest}' FROM generate_series(1, 5) i;
        INSERT INTO alert_messages (target_id, event, body, done_at)
        SELECT t.id, 'digest', '{}', now() FROM alert_targets t, generate_series(1, 2000) i;
        INSERT INTO alert_deliveries (target_id, message_id, attempt, outcome, ms)
        SELECT m.target_id, m.id, 1, 'delivered', 1 FROM alert_messages m;
        INSERT INTO alert_events (target_id, issue_id, event, held_for)
        SELECT t.id, i.id, 'issue.created', 5 FROM alert_targets t, issues i;
        ANALYZE;)");
    EXPECT_EQ(walks_of_all(writing), kWalked);
}

// What a function does no plan shows. Were there an index for all, there would be no such scan.
TEST_F(StatementsTest, NorDoesAFunction) {
    constexpr Statement kFlush{"flush", "SELECT pg_stat_force_next_flush()"};
    writing.session().execute(kPlanOnce);
    // What the connection has counted of its own looks so far, lest it comes after the reset.
    sql("SELECT pg_stat_force_next_flush()");
    sql("SELECT pg_stat_reset()");
    // Nor what it looks at meanwhile, which is counted when that takes longer than a second.
    sql("SET track_counts = off");
    execute_all();
    sql("RESET track_counts");
    writing.session().execute(kFlush);
    EXPECT_EQ(sql("SELECT relname, seq_scan FROM pg_stat_user_tables "
                  "WHERE relname IN ('devices', 'coredumps', 'firmware_versions', 'issues', "
                  "'signatures', 'occurrences', 'issue_history', 'issue_versions', "
                  "'signature_devices', 'signature_hours', 'signature_days', 'version_devices', "
                  "'model_versions', 'alert_events', 'alert_messages', 'alert_deliveries') AND "
                  "seq_scan > 0 "
                  "ORDER BY relname"),
              (test::Rows{{"coredumps", "3"}, {"signatures", "6"}}))
        << "count_coredumps(), recount_kept_files() and kept_files_are_wrong() look at all of "
           "them, once each; "
           "expire_files() at all signatures, once for each order in which it looks for files";
}

}  // namespace
}  // namespace coredepot::db
