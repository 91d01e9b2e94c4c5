// The server looks at a statement when it is first executed, so each has to be once; and none may
// read all of a table that grows with the fleet.

#include <deque>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "db/alert_outbox.hpp"
#include "db/alert_targets.hpp"
#include "db/coredump_search.hpp"
#include "db/coredumps.hpp"
#include "db/deletions.hpp"
#include "db/derived_sums.hpp"
#include "db/device_models.hpp"
#include "db/devices.hpp"
#include "db/dump_moves.hpp"
#include "db/dump_objects.hpp"
#include "db/firmware_moves.hpp"
#include "db/firmware_objects.hpp"
#include "db/firmware_versions.hpp"
#include "db/hosts.hpp"
#include "db/inventory.hpp"
#include "db/issue_upkeep.hpp"
#include "db/issues.hpp"
#include "db/kept_files.hpp"
#include "db/model_versions.hpp"
#include "db/parse_queue.hpp"
#include "db/requeue.hpp"
#include "db/session.hpp"
#include "db/sidecar_outages.hpp"
#include "db/signature_rules.hpp"
#include "db/spool_claims.hpp"
#include "db/statistics.hpp"
#include "db/triage.hpp"
#include "support/database.hpp"
#include "support/json_value.hpp"

namespace coredepot::db {
namespace {

using test::database_url;
using test::Role;
using Names = std::set<std::string>;

/// The names of the statements in shared/db, as often as they are there.
std::multiset<std::string> written_statements() {
    static const std::regex statement(R"re(Statement k\w+\{\s*"(\w+)")re");
    std::multiset<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(COREDEPOT_SOURCE_DIR "/shared/db")) {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const auto source = text.str();
        for (std::sregex_iterator match(source.begin(), source.end(), statement), end; match != end;
             ++match) {
            names.insert((*match)[1]);
        }
    }
    return names;
}

/// The names of those that were prepared on the connection.
Names executed_statements(Database& database) {
    constexpr Statement kPrepared{"prepared", "SELECT name FROM pg_prepared_statements"};
    Names names;
    for (const auto& row : database.session().execute(kPrepared)) names.insert(row[0].c_str());
    names.erase("prepared");
    return names;
}

class StatementsTest : public test::DatabaseTest {
  protected:
    /// Some statements are executed only where a connection was lost.
    StatementsTest() {
        EXPECT_TRUE(writing.is_available());
        terminate_connections(Role::Writer);
        EXPECT_TRUE(writing.is_available());
    }

    /// Each statement that there is, at least once.
    void execute_all();

    Database writing{database_url(Role::Writer), "test", Mode::ReadWrite};
};

void StatementsTest::execute_all() {
    DeviceModels models(writing);
    Devices devices(writing);
    Coredumps coredumps(writing);
    FirmwareVersions versions(writing);
    ParseQueue queue(writing);

    EXPECT_TRUE(writing.is_available());
    EXPECT_TRUE(take_host_name(writing, "host", "machine"));
    EXPECT_FALSE(take_host_name(writing, "host", "another"));
    queue.is_due();
    queue.waiting_elsewhere(std::chrono::seconds(0));
    queue.take_over({1});
    const auto model = models.insert(ModelCode::trusted("a"), "A").value();
    EXPECT_EQ(models.list().size(), 1U);
    EXPECT_TRUE(models.find(model.id));
    EXPECT_TRUE(models.find(model.code));
    EXPECT_TRUE(models.rename(model.id, "B"));

    const auto key = DeviceKey::trusted("abcd1234");
    const auto device = devices.insert(model.id, key, std::nullopt).device.value();
    devices.insert_all({{key, model.code}});
    EXPECT_EQ(devices.list({}).size(), 1U);
    EXPECT_EQ(devices.list({model.id, 0, 1}).size(), 1U);
    EXPECT_TRUE(devices.any());
    EXPECT_TRUE(devices.find(device.id));
    EXPECT_TRUE(devices.find(key));
    EXPECT_EQ(devices.change(device.id, {"name", ClientId::trusted("client")}).index(), 0U);
    EXPECT_TRUE(devices.find_client(ClientId::trusted("client")));
    EXPECT_TRUE(devices.note_running(device.id, FirmwareVersion::trusted("1.0")));

    const std::string sha256(64, 'a');
    EXPECT_TRUE(
        versions.record(model.id, {FirmwareVersion::trusted("1.0"), sha256, sha256}, [] {}));
    EXPECT_EQ(versions.find_by_elf(model.id, "aaaa").size(), 1U);
    EXPECT_EQ(versions.find(model.id, FirmwareVersion::trusted("1.0")).value().elf_sha256, sha256);
    const std::string another(64, 'b');
    versions.record(model.id, {FirmwareVersion::trusted("1.0"), another, sha256}, [] {});
    versions.note_use(model.id, sha256);
    EXPECT_EQ(versions.give_up_elves(model.id, 0).size(), 1U);
    versions.record(
        model.id,
        {FirmwareVersion::trusted("1.0"), another, sha256, "bundles/a/b.zip", "images/a/a.bin"},
        [] {});
    versions.record(model.id, {FirmwareVersion::trusted("1.0"), another, sha256}, [] {});
    FirmwareObjects firmware_objects(writing);
    EXPECT_EQ(firmware_objects.models_with_dropped(), std::set{model.code});
    firmware_objects.note_dropped("bundles/a/b.zip");
    EXPECT_TRUE(firmware_objects.knows(model.code, "bundles/a/b.zip"));
    EXPECT_FALSE(firmware_objects.is_named(model.code, "bundles/a/b.zip"));
    EXPECT_TRUE(firmware_objects.named_of(model.code).empty());
    EXPECT_EQ(firmware_objects.model_of(model.code), model.id);
    EXPECT_TRUE(firmware_objects.has_dropped(model.code));
    FirmwareMoves firmware_moves(writing);
    EXPECT_EQ(firmware_moves.models().size(), 1U);
    const auto in_folder = firmware_moves.versions_of(model.id).at(0);
    const auto point = [&](const auto& from, const auto& bundle, const auto& image) {
        return firmware_moves.point(model.id, from, bundle, image, [] {});
    };
    EXPECT_TRUE(point(in_folder, "bundles/a/c.zip", "images/a/c.bin"));
    EXPECT_FALSE(point(in_folder, std::nullopt, std::nullopt));
    EXPECT_TRUE(point(firmware_moves.versions_of(model.id).at(0), std::nullopt, std::nullopt));
    EXPECT_TRUE(firmware_moves.kept_of(model.id).empty());
    EXPECT_FALSE(firmware_moves.point(model.id, {sha256, std::nullopt}, "bundles/a/c.zip", [] {}));
    EXPECT_FALSE(versions.current_image_object(model.code));
    EXPECT_FALSE(versions.any_in_bucket());
    const std::string third(64, 'c');
    EXPECT_EQ(firmware_objects.adopt(model.code, {FirmwareVersion::trusted("1.0"), third, sha256}),
              FirmwareObjects::Adoption::Kept);
    EXPECT_EQ(versions.give_up_elves(model.id, 0).size(), 1U);
    firmware_objects.remove_dropped(model.code, std::chrono::seconds(0),
                                    [](const auto&) { return true; });

    const auto store = [&](std::int64_t at, const StoreRules& rules) {
        return std::get<StoredCoredump>(
                   coredumps.store({device.id, filename_at(at), Chip::trusted("esp32c3"),
                                    FirmwareVersion::trusted("1.0"), 1,
                                    Timestamp(std::chrono::microseconds(at))},
                                   rules))
            .id;
    };
    store(100, {20});
    store(101, {1, Retention::Diverse});
    NewCoredump by_key{NewCoredump::kByKey,
                       filename_at(102),
                       Chip::trusted("esp32c3"),
                       FirmwareVersion::trusted("1.0"),
                       1,
                       Timestamp(std::chrono::microseconds(102))};
    by_key.device = DeviceOfModel{key, model.code};
    coredumps.store(by_key, {20, Retention::Diverse});
    coredumps.remove_some(device.id, std::nullopt);
    std::int64_t last = 0;
    for (std::int64_t i = 0; i < 5; ++i) last = store(i, {20});
    const std::chrono::seconds lease(30);
    EXPECT_TRUE(queue.release(queue.claim(lease).value()));
    const auto parsed = queue.claim(lease).value();
    EXPECT_TRUE(queue.renew(parsed, lease));
    EXPECT_TRUE(queue.parse_alone(parsed, lease));
    EXPECT_EQ(queue.bring_forward(lease, lease), 0);
    EXPECT_TRUE(queue.record_parsed(parsed, {"output", "signature", "title", "{}"},
                                    FirmwareVersion::trusted("1.0")));
    EXPECT_TRUE(queue.record_error(queue.claim(lease).value(), "why", true));
    EXPECT_TRUE(queue.record_failure(queue.claim(lease).value(), "why", lease));
    EXPECT_EQ(queue.record_want(queue.claim(lease).value(), "why", "bbbb"), WantOutcome::Recorded);

    Requeue requeue(writing);
    EXPECT_TRUE(requeue.one(device.id, last));
    EXPECT_EQ(requeue.matching({ParseStatus::Error, model.id, FirmwareVersion::trusted("1.0")}), 1);
    EXPECT_EQ(requeue.whose_firmware_arrived(model.id), 0);
    EXPECT_EQ(requeue.whose_elf_arrived(model.id, sha256), 0);
    EXPECT_EQ(requeue.count_whose_firmware_arrived(), 0);

    SignatureRulesTable rules(writing);
    EXPECT_TRUE(rules.replace(model.id, {{"app_fatal"}, {}}));
    EXPECT_TRUE(rules.find(model.id).value().requeueing);
    EXPECT_TRUE(rules.requeue());

    Inventory inventory(writing);
    EXPECT_EQ(inventory.coredumps_of({key}).at(key).size(), 5U);
    EXPECT_EQ(inventory.devices_with_coredumps("").size(), 1U);
    EXPECT_EQ(inventory.versions_of(model.code).size(), 1U);
    EXPECT_EQ(inventory.models().size(), 1U);
    EXPECT_EQ(inventory.kept_elves_of(model.code).size(), 0U);

    EXPECT_EQ(inventory.labels_of({key}).at(key).size(), 5U);

    Deletions deletions(writing);
    EXPECT_EQ(deletions.of(key, filename_at(100)).size(), 1U);
    const auto page = deletions.page(std::nullopt, std::chrono::seconds(-60));
    EXPECT_EQ(page.old.size(), 3U);
    EXPECT_EQ(page.last->filename, filename_at(102));
    EXPECT_FALSE(deletions.page(page.last, std::chrono::seconds(0)).last);
    deletions.forget(page.old, std::chrono::seconds(60));
    EXPECT_EQ(deletions.of(key, filename_at(100)).size(), 1U);
    deletions.forget(page.old, std::chrono::seconds(-60));
    EXPECT_EQ(deletions.of(key, filename_at(100)).size(), 0U);

    Issues issues(writing);
    Triage triage(writing);
    const auto issue = issues.list({}, std::nullopt, 10).at(0).issue.id;
    EXPECT_EQ(issues.find({0, model.code, 1})->summary.id, issue);
    EXPECT_EQ(issues.versions(issue).size(), 1U);
    EXPECT_EQ(issues.devices(issue, 0, 10).size(), 1U);
    EXPECT_EQ(issues.history(issue, std::nullopt, 10).size(), 1U);
    EXPECT_NE(issues.series(issue).days, "");
    EXPECT_EQ(issues.similar(issue).size(), 0U);
    EXPECT_EQ(ModelVersions(writing).of_model(model.id).size(), 1U);
    EXPECT_EQ(CoredumpSearch(writing).find({issue}, std::nullopt, 10).coredumps.size(), 1U);
    EXPECT_EQ(
        CoredumpSearch(writing).find({std::nullopt, device.id}, std::nullopt, 2).coredumps.size(),
        2U);
    EXPECT_EQ(CoredumpSearch(writing).find({}, std::nullopt, 10).coredumps.size(), 5U);
    EXPECT_EQ(devices.list({std::nullopt, 0, 1, "cd12"}).size(), 1U);
    using Kind = IssueChange::Kind;
    using Outcome = Triage::Outcome;
    for (const auto kind : {Kind::LinkTicket, Kind::Mute, Kind::Resolve, Kind::Open}) {
        EXPECT_EQ(triage.change(issue, std::nullopt, {kind}, {"sub", "name"}), Outcome::Done);
    }
    EXPECT_EQ(triage.merge(issue, std::nullopt, issue, {}), Outcome::Same);
    EXPECT_EQ(triage.split(issue, 1, "x", {}).outcome, Outcome::Stale);
    EXPECT_TRUE(triage.comment(issue, "text", {}));

    sql("UPDATE uncounted_coredumps SET last = 1000");
    EXPECT_FALSE(IssueUpkeep(writing).work([] { return false; }));

    AlertTargets targets(writing);
    AlertTargetChange target;
    target.name = target.address = target.shown_address = "x";
    target.kind = AlertKind::Slack;
    target.events = {"issue.spike", "digest"};
    target.models.emplace(std::nullopt);
    target.min_devices = 0;
    target.enabled = true;
    const auto told = targets.insert(target);
    EXPECT_EQ(targets.count(), 1);
    EXPECT_EQ(targets.list().size(), 1U);
    EXPECT_TRUE(targets.change(told, target));
    EXPECT_TRUE(targets.find(told));
    EXPECT_EQ(targets.unknown_models({"a", "no"}), std::vector<std::string>{"no"});
    AlertOutbox outbox(writing);
    sql("UPDATE alert_targets SET digested_on = '-infinity'");
    sql("INSERT INTO alert_events (target_id, issue_id, event) SELECT " + std::to_string(told) +
        ", " + std::to_string(issue) + ", 'issue.spike'");
    outbox.look_around({1, 1, 0});
    EXPECT_TRUE(outbox.has_news());
    EXPECT_TRUE(outbox.next_in());
    EXPECT_TRUE(targets.test(told));
    for (const auto* event : {"test", "issue.spike", "digest"}) {
        sql("SET enable_seqscan = off;"
            "UPDATE alert_events SET due_at = now() WHERE id > 0;"
            "SET enable_seqscan = on;"
            "UPDATE alert_targets SET quiet_until = now()");
        const auto claim = outbox.claim(lease, "https://x");
        ASSERT_TRUE(claim);
        EXPECT_EQ(claim->event, event);
        EXPECT_TRUE(outbox.record(*claim, {AlertAttempt::Outcome::Delivered}));
    }
    EXPECT_EQ(targets.deliveries(told, std::nullopt, 10).size(), 3U);
    EXPECT_EQ(alert_state(writing).well, 1);
    EXPECT_EQ(do_alerts_fail(writing), false);
    EXPECT_TRUE(targets.remove(told));

    KeptFiles files(writing);
    EXPECT_TRUE(files.reserve());
    while (files.take_in_changes()) {
    }
    EXPECT_EQ(files.state().files, 5U);
    EXPECT_FALSE(files.recount());
    EXPECT_EQ(files.expire({1, 1, 10, 0}), 0);
    EXPECT_EQ(files.expire({1, 1, 10, 0, true}), 0);
    EXPECT_EQ(files.expire_before(Timestamp(), 10), 0);
    sql("INSERT INTO expired_files VALUES (1, 'abcd1234', 'coredump_20260211T143000_123456Z.dmp')");
    EXPECT_EQ(files.to_remove().size(), 1U);
    files.removed(files.to_remove());
    files.note_unmet("a setting");
    files.release();

    DerivedSums sums(writing);
    EXPECT_FALSE(sums.issues(0).at(0).is_wrong);
    EXPECT_EQ(sums.versions(0).size(), 1U);
    EXPECT_FALSE(sums.files_are_wrong());
    sums.repair_issue(issue);
    sums.repair_version(1);

    SidecarOutages outages(writing);
    outages.record("sidecar", lease);
    EXPECT_TRUE(outages.find("sidecar", lease, lease));
    outages.pass_turn("sidecar");
    outages.end("sidecar");

    sql("UPDATE coredump_statistics SET took = '0'");
    EXPECT_TRUE(count_coredumps(writing));
    EXPECT_EQ(coredump_statistics(writing).bytes, 5U);
    EXPECT_EQ(coredumps.of_device(device.id).size(), 5U);
    EXPECT_TRUE(coredumps.find(device.id, last));
    EXPECT_TRUE(coredumps.file(device.id, last));
    EXPECT_TRUE(coredumps.remove(device.id, last));
    EXPECT_EQ(coredumps.remove_some(device.id, std::nullopt).files.size(), 4U);
    EXPECT_EQ(devices.objects_of(device.id).size(), 0U);
    DumpMoves moves(writing);
    EXPECT_EQ(moves.page(DumpMoves::From::Folder, 0, 10).size(), 0U);
    EXPECT_FALSE(moves.point(last, std::nullopt, "key", [] {}));
    EXPECT_FALSE(moves.row(key, DumpFilename::trusted("coredump_20261130T120000_000000Z.dmp")));
    moves.with_row(key, DumpFilename::trusted("coredump_20261130T120000_000000Z.dmp"),
                   [](const auto& row) { EXPECT_FALSE(row); });
    DumpObjects objects(writing);
    EXPECT_TRUE(objects.reserve());
    EXPECT_EQ(objects.page("", "z", 10).size(), 0U);
    EXPECT_FALSE(objects.named(key, filename_at(100)));
    EXPECT_TRUE(SpoolClaims(writing).claim("a key"));
    EXPECT_TRUE(devices.remove(device.id));
    EXPECT_EQ(models.remove(model.id), DeviceModels::Removal::Removed);
}

TEST_F(StatementsTest, EachIsExecutedByTheRoleThatNeedsIt) {
    execute_all();
    const auto written = written_statements();
    EXPECT_EQ(executed_statements(writing), Names(written.begin(), written.end()));
}

// A connection prepares a name once, and would execute the first of two in place of the second.
TEST(Statements, NoTwoShareAName) {
    const auto written = written_statements();
    for (const auto& name : written) EXPECT_EQ(written.count(name), 1U) << name;
}

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

TEST_F(StatementsTest, ReadersGetByWithTheReadersRole) {
    const auto device = add_device(add_model("a"), "abcd1234");
    const auto id = add_coredump(device, 1);
    Database reading(database_url(Role::Reader), "test", Mode::ReadOnly);
    Coredumps coredumps(reading);
    Devices devices(reading);
    EXPECT_TRUE(reading.is_available());
    EXPECT_TRUE(devices.find(device));
    EXPECT_EQ(coredumps.of_device(device).size(), 1U);
    EXPECT_TRUE(coredumps.find(device, id));
    EXPECT_TRUE(coredumps.file(device, id));
    coredump_statistics(reading);
}

TEST_F(StatementsTest, AReadOnlyConnectionCannotWriteEvenAsWriter) {
    Database reading(database_url(Role::Writer), "test", Mode::ReadOnly);
    EXPECT_THROW(DeviceModels(reading).insert(ModelCode::trusted("a"), "A"), pqxx::sql_error);
    EXPECT_TRUE(reading.is_available());
    EXPECT_EQ(sql_value("SELECT count(*) FROM device_models"), "0");
}

}  // namespace
}  // namespace coredepot::db
